# Lo que dicen las páginas. Todos los idiomas tienen las mismas claves; una prueba lo vigila.

product = Lanthorn
skip = Ir al contenido
menu = Menú
language = Idioma
language-choose = Elegir
footer = Lo que se hace aquí se escribe en un registro que otros pueden comprobar.
sign-out = Salir
back-home = Volver al inicio

menu-home = Inicio
menu-cases = Casos
menu-requests = Mis solicitudes
menu-queue = Decisiones
menu-papers = Autorizaciones
menu-crawls = Recolecciones
menu-retention = Conservación
menu-log = Registro
menu-verify = Verificar
menu-patterns = Indicios
menu-help = Ayuda

role-analyst = Analista
role-supervisor = Supervisor
role-operator = Operador
role-auditor = Auditor

sign-in-title = Entrar
sign-in = Entrar
sign-in-person = Nombre de la cuenta
sign-in-passphrase = Frase de paso
sign-in-code = Código de seis cifras
sign-in-code-help = De su programa de autenticación. Déjelo vacío la primera vez.
sign-in-notice = Cada intento queda registrado. Si no puede entrar, pregunte a un supervisor; nadie necesita su frase de paso para ayudarle.
sign-in-failed = No ha funcionado: el nombre, la frase de paso o el código no es correcto. Cada código sirve una sola vez; espere al siguiente e inténtelo de nuevo.
sign-in-locked = Demasiados intentos. Espere { $seconds } segundos e inténtelo de nuevo.
sign-in-empty = Escriba el nombre de su cuenta y su frase de paso.

second-factor-title = Preparar el segundo paso
second-factor-about = Desde ahora entra con su frase de paso y un código que muestra un programa en su teléfono u ordenador. Sirve cualquier programa de códigos TOTP.
second-factor-step-1 = Introduzca este secreto en el programa. Solo se muestra ahora.
second-factor-open = Abrirlo en un programa de este dispositivo
second-factor-step-2 = Escriba las seis cifras que muestra el programa.
second-factor-confirm = Confirmar
second-factor-failed = Ese código no es correcto. Compruebe la hora del programa y escriba las cifras que muestra ahora.

home-title = Inicio
home-about-analyst = Usted busca en las páginas expurgadas de sus casos. Los nombres, números y direcciones aparecen como fichas; dentro de un caso la misma ficha significa siempre lo mismo.
home-about-supervisor = Usted decide, junto con otros, si se abre un original. Aprueba en su propio cliente, con su propia clave.
home-about-operator = Usted realiza recolecciones dentro de autorizaciones firmadas y ve cómo van. No ve ningún contenido.
home-about-auditor = Usted comprueba el registro: quién hizo qué, por qué y qué se rechazó. No ve ningún original.
home-queue = { $count ->
    [one] solicitud espera su decisión
   *[other] solicitudes esperan su decisión
}
home-requests = { $count ->
    [one] solicitud suya está abierta
   *[other] solicitudes suyas están abiertas
}
home-cases = { $count ->
    [one] caso en el que trabaja
   *[other] casos en los que trabaja
}
home-reports = { $count ->
    [one] informe de un navegador sobre estas páginas
   *[other] informes de navegadores sobre estas páginas
}
home-rules = Cómo funciona aquí
home-rule-redacted = Lo que ve está expurgado. Los originales están sellados; nadie puede abrir uno en solitario.
home-rule-reason = Para leer una página entera dice por qué. Su motivo se conserva.
home-rule-log = Cada paso se registra antes de que ocurra, y cualquiera puede comprobar el registro.
home-rule-two = Nadie concede su propia solicitud.

help-title = Ayuda
help-keys = Atajos de teclado
help-keys-about = Pulse la tecla junto con la combinación de su navegador: Alt+Mayús en Firefox y Tor Browser, Alt en Chromium y Edge, Control+Opción en Mac.
help-key = Tecla
help-leads = Lleva a
help-search-field = El campo de búsqueda
help-query = El lenguaje de consulta
help-typed = Escrito
help-finds = Encuentra
help-q-words = Páginas con las dos palabras
help-q-phrase = Las palabras juntas, en este orden
help-q-or = Páginas con una de las dos palabras
help-q-not = Páginas con la primera palabra y sin la segunda
help-q-field = Páginas de un sitio, o de un tipo
help-q-range = Páginas publicadas en un periodo
help-q-token = Páginas con este identificador oculto
help-tokens = Fichas
help-tokens-about = Una ficha como [PHONE:k7f3a9q2m4xtc] está en lugar de un identificador que se ocultó antes de guardar nada. No se puede deshacer. Cada una lleva a su pivote: todas las páginas del caso con el mismo identificador, se escribiera como se escribiera.

cases-title = Casos
cases-none = Todavía no trabaja en ningún caso.
cases-none-do = Un supervisor abre los casos y asigna a las personas.
case = Caso
case-open = Abierto
case-closed = Cerrado
case-since = desde el { $day }

search-title = Buscar en { $case }
search-field = Consulta
search-button = Buscar
search-help = Palabras, "frases", AND, OR, NOT, campo:valor y fichas. Ni nombres, ni números, ni direcciones: se rechazan.
search-help-more = Más sobre las consultas
search-count = { $count ->
    [one] { $count } captura coincide
   *[other] { $count } capturas coinciden
}
search-understood = Entendido como
search-none = Ninguna página coincide.
search-none-do = Quite una palabra, use OR o mire cómo se ha entendido la consulta.
search-empty = Escriba palabras que usarían las páginas que busca.
search-empty-do = Pruebe un lugar, una manera de hablar o un tipo de página, como kind:ad. Pulse una ficha para ver todo lo que la comparte.
untitled = (sin título)
facets = Acotar
facet-site = Sitio
facet-language = Idioma
facet-kind = Tipo
facet-value = Valor
facet-count = Capturas
facet-share = Parte
pages = Páginas de resultados
page-before = Resultados anteriores
page-after = Más resultados
page-of = Página { $page } de { $pages }
kind-ad = Anuncio
kind-thread = Hilo
kind-other = Otro
day = Día
month = Mes
token = Ficha

pivot-title = Pivote sobre { $token }
pivot-count = { $count } de las { $documents } capturas de este caso la tienen.
pivot-seen = Vista primero el { $first }, por última vez el { $last }.
pivot-search = Buscarla
pivot-none = Ninguna captura de este caso tiene esta ficha. Las fichas de otro caso no significan nada aquí.
pivot-sites = Por sitio
pivot-months = Por mes
pivot-captures = Capturas, las más recientes primero
pivot-together = Fichas que la acompañan
pivot-together-count = { $count ->
    [one] { $count } ficha aparece en las mismas capturas
   *[other] { $count } fichas aparecen en las mismas capturas
}

capture-title = Captura
capture-name = Título
capture-id = Captura
capture-sealed-at = Recogida y sellada
capture-original = Original
capture-original-sealed = Sellado, { $size }
capture-original-erased = Borrado: ya nadie puede abrirlo
capture-authorisation = Autorización
capture-commitment = Compromiso (SHA-256)
capture-read = Leer la página expurgada
capture-reason-help = Una frase, sin nombres ni números. Se conserva en el registro.
capture-read-button = Mostrar la página
capture-noted = Que ha leído esta página, y por qué, consta en el registro.
capture-cut = La página es más larga que lo que se muestra.
capture-ask = Pedir que se abra el original
reason = Motivo

request-form-title = Pedir que se abra un original
request-form-about = Los supervisores deciden si usted puede abrir este único original. Cada uno comprueba en su propio cliente si es necesario y proporcionado.
request-not-enrolled = No ha depositado ninguna clave para la que se pueda cifrar una respuesta. Cree una en su propia máquina y entregue el archivo a un supervisor:
request-code = Código del motivo
request-code-help = Un código de su unidad, como R1. break-glass suprime la espera ante un peligro inminente para la vida; se revisa después.
request-reason-help = Qué espera encontrar y por qué nada menos intrusivo basta. Ni nombres ni números.
legal-basis = Base legal
request-hours = Horas hasta que termina la solicitud
request-send = Enviar la solicitud
request-title = Solicitud { $number }
request-number = Solicitud
request-state = Estado
request-approvals = Aprobaciones
request-until = Termina
request-asked-by = Pedida por
request-break-glass = Rompe el cristal: los límites no valen para ella, y debe revisarla alguien que no participó.
request-open = Abrirlo
request-open-about = Cuando hayan aprobado suficientes supervisores, ábralo en su propia máquina, donde está su clave:
request-withdraw = Retirarla
request-withdraw-button = Retirar la solicitud
requests-title = Mis solicitudes
requests-none = No ha pedido nada.
requests-none-do = Encuentre una captura, lea la página expurgada y pida desde allí si solo el original ayuda.
state-waiting = En espera
state-approved = Aprobada por al menos una persona
state-denied = Denegada
state-withdrawn = Retirada
state-over = Su plazo ha terminado
decisions = Decisiones
decisions-none = Nadie ha decidido todavía.
decision-approved = aprueba
decision-denied = deniega

queue-title = Decisiones
queue-about = En esta página no se aprueba nada: su aprobación es una parte de una clave que solo tiene su propio cliente. Aquí puede denegar.
queue-none = Nada espera su decisión.
queue-none-do = Las solicitudes de los analistas aparecen aquí en cuanto se hacen.
queue-approvals = { $count ->
    [one] { $count } aprobación
   *[other] { $count } aprobaciones
}
queue-decided = Decididas o vencidas
decision-around = Qué más conviene saber
decision-of-person = Solicitudes de esta persona en treinta días
decision-of-capture = Solicitudes para esta captura hasta ahora
decision-entry = Entrada del registro que la anuncia
decision-own = Esta solicitud es suya: decide otra persona.
decision-done = Usted ya ha decidido.
decision-approve = Aprobar
decision-approve-about = Apruebe en su propio cliente, que vuelve a comprobar el registro y la solicitud:
decision-check-necessary = ¿Hace falta el original, o dice bastante la página expurgada?
decision-check-proportionate = ¿Pesa lo que se puede encontrar más que lo que pierden todos los que están en esa página?
decision-check-legal = ¿Cubre la base legal este motivo?
decision-deny = Denegar
decision-deny-help = Lo lee quien la pidió. Una denegación termina la solicitud.
decision-deny-button = Denegar la solicitud

papers-title = Autorizaciones
papers-about = Sin una de estas en vigor no se recoge nada. Los supervisores las firman en sus propias máquinas.
papers-none = No hay ninguna autorización registrada.
papers-none-do = Escriba una, haga que la firmen los supervisores y regístrela:
paper-standing = Situación
paper-signed = Firmada por
paper-until = En vigor hasta
paper-kept = Las capturas se conservan
days = { $count ->
    [one] { $count } día
   *[other] { $count } días
}
standing-in-force = En vigor
standing-revoked = Revocada
standing-over = Su plazo ha terminado

crawls-title = Recolecciones
crawls-none = Todavía no hay ningún caso.
crawls-none-do = Un supervisor abre uno; después se registra una autorización para él.
crawl-title = Recolección de { $case }
crawl-progress = { $done } páginas visitadas, { $waiting } en espera.
crawl-busy = { $count ->
    [0] Ahora no se pregunta a ningún servidor.
    [one] Ahora se pregunta a { $count } servidor.
   *[other] Ahora se pregunta a { $count } servidores.
}
crawl-watch = Seguir: volver a cargar esta página cada diez segundos
crawl-stop-watching = Dejar de seguir
crawl-none = No se ha recogido nada de este caso.
crawl-none-do = Una recolección se inicia en la máquina que recoge:
crawl-hosts = Servidores
crawl-waiting = En espera
crawl-done = Visitadas
crawl-retired = Abandonadas
crawl-refused = Enlaces rechazados
crawl-bytes = Recibido
crawl-latency = Latencia
crawl-share = Avance
crawl-why = ¿Por qué espera?
crawl-pause = Pausar o reanudar
crawl-pause-button = Pausar esta recolección
crawl-resume-button = Reanudar esta recolección
host-ready = Listo
host-snoozed = Descansa
host-leased = En consulta
host-retired = Retirado
host-exhausted = No queda nada

retention-title = Conservación
retention-about = Cuántos originales conserva cada autorización y cuántos han superado su plazo.
retention-none = No se ha recogido nada.
retention-days = Días
retention-kept = Conservados
retention-due = Vencidos
retention-held = Retenidos
retention-erased = Borrados
retention-do = Un supervisor borra lo vencido con

log-title = Registro
log-person = Persona
log-kind = Tipo de acto
log-every-kind = Todos los tipos
log-capture = Captura
log-filter = Mostrar
log-refusals = Solo los rechazos
log-wrong = Uno de los campos no se puede leer: una persona se escribe como s.maria, una captura con 32 cifras hexadecimales.
log-none = Ninguna entrada coincide.
log-entry = Entrada
log-at = Fecha
log-act = Acto
log-who = Quién
log-says = Lo que dice la anotación
log-erased = La anotación se ha borrado; la entrada queda.
log-hidden = (cifrado para los auditores)
log-older = Entradas más antiguas
log-queries = Lo que se buscó está cifrado para usted. Léalo en su propia máquina con
part-intent = anunciado
part-outcome = terminado
part-note = anotado
act-collect = Recogido
act-alter = Modificado
act-consult = Buscado o leído
act-disclose = Comunicado
act-combine = Pivotado
act-erase = Borrado
act-refuse = Rechazado
act-sign-in = Entrada
act-sign-in-failed = Entrada fallida
act-sign-out = Salida
act-unseal-request = Apertura pedida
act-unseal-grant = Aprobado
act-unseal-deny = Denegado
act-unseal-open = Abierto
act-unseal-close = Cerrado
act-log-read = Registro leído
act-account = Cuenta de un sitio utilizada

verification-title = Verificación
verification-good = { $count ->
    [one] El registro está íntegro: { $count } entrada, en el árbol firmado.
   *[other] El registro está íntegro: { $count } entradas, cada una en el árbol firmado.
}
verification-origin = Registro
verification-at = Comprobado
verification-opened = Anotaciones que abren su entrada
verification-erased = Anotaciones borradas
verification-unsigned = Entradas que esperan la firma
verification-open = Actos anunciados que no han terminado
verification-witnesses = Testigos
verification-no-witness = Nadie lo ha cofirmado todavía. Supervisores y auditores lo hacen en su propio cliente.
verification-witnessed = { $count ->
    [one] cofirmó { $count } entrada
   *[other] cofirmó { $count } entradas
}
verification-bad = El registro no está íntegro.
verification-bad-do = Deje de usar esta instalación, conserve su carpeta tal como está y compárela con la copia de un testigo.
verification-outside = Esta comprobación se ejecuta en la máquina que comprueba. Copie el registro y compruébelo en otra con

patterns-title = Indicios
patterns-about = Lo que un auditor mira primero. Ninguno es una conclusión: alguien tiene que mirar las entradas.
patterns-none = Nada de lo que buscan estas reglas.
patterns-rows = Entradas
pattern-reciprocity = Se aprueban mutuamente
pattern-speed = Aprobado en unos instantes
pattern-same-pair = Casi siempre el mismo supervisor
pattern-refusals = Rechazado una y otra vez
pattern-night = De noche

problem-at = El error está en el carácter { $place }.
problem-wait = Inténtelo de nuevo dentro de { $seconds } segundos.
problem-not-found = Aquí no hay nada
problem-not-found-do = No existe, o pertenece a un caso en el que usted no trabaja. Empiece por sus casos.
problem-signed-out = No ha entrado
problem-signed-out-do = Entre y continúe.
problem-sign-in = No se ha podido entrar
problem-sign-in-do = El nombre, la frase de paso o el código no es correcto.
problem-locked = Demasiados intentos de entrar
problem-locked-do = Espere e inténtelo de nuevo.
problem-second-factor-first = El segundo paso no está preparado
problem-second-factor-first-do = Entre una vez con un navegador y prepárelo allí.
problem-role = Su función no hace esto
problem-role-do = Pídalo a alguien cuya función sí lo haga. Su intento consta en el registro.
problem-refused = Una regla lo prohíbe
problem-refused-do = La regla dice qué lo haría lícito. Su intento consta en el registro.
problem-form-token = Este formulario ha caducado
problem-form-token-do = Vuelva atrás, cargue la página de nuevo y envíela otra vez. Si usted no envió nada, quizá otra persona lo haya intentado en su nombre.
problem-too-many = Demasiadas peticiones
problem-too-many-do = Va más deprisa de lo que este servidor permite a una persona.
problem-host = Esta no es la dirección de este servidor
problem-host-do = Use la dirección que le dio su unidad.
problem-deadline = Ha tardado demasiado
problem-deadline-do = Acote la consulta, o quite una palabra común de una frase.
problem-unavailable = No disponible en este momento
problem-unavailable-do = Inténtelo dentro de un momento; si sigue así, avise a quien cuida la máquina.
problem-failed = Algo ha fallado
problem-failed-do = Ha quedado anotado. Inténtelo de nuevo; si sigue así, avise a quien cuida la máquina.
problem-no-log = No se puede escribir el registro
problem-no-log-do = Lo que no se puede registrar no se hace. Avise a quien cuida la máquina.
problem-unreadable = Esta petición no se puede leer
problem-unreadable-do = Vuelva atrás y use el formulario.
problem-too-large = Es demasiado largo
problem-too-large-do = Acórtelo e inténtelo de nuevo.
problem-empty-field = Un campo está vacío
problem-empty-field-do = Rellene todos los campos del formulario.
problem-long-field = Un texto es demasiado largo
problem-long-field-do = Use una frase de mil caracteres como máximo.
problem-hours = El número de horas no sirve
problem-hours-do = Use de 1 a 72.
problem-usage = Eso no sirve
problem-usage-do = Lea lo que se dice y cámbielo.
problem-token = Eso no es una ficha
problem-token-do = Una ficha es como [PHONE:k7f3a9q2m4xtc]. Pulse una en un resultado.
problem-identifier = Contiene un identificador, así que no se ha usado
problem-identifier-do = Los nombres, números y direcciones nunca se buscan ni se guardan. Busque la ficha: encuentre una página que la tenga y púlsela allí. Lo que escribió no se ha guardado en ninguna parte; el rechazo consta en el registro.
problem-query = La consulta no se puede leer
problem-query-do = Corríjala y busque de nuevo.
problem-no-index = Todavía no se ha indexado nada de este caso
problem-no-index-do = Las páginas aparecerán aquí cuando una recolección haya reunido algunas.
problem-window = Está demasiado abajo
problem-window-do = Nadie lee diez mil resultados: acote la consulta.
problem-not-indexed = La página expurgada no está en el índice
problem-not-indexed-do = Puede que aún no se haya indexado, o que una captura más reciente de la misma página ocupe su lugar.
problem-erased = El original se ha borrado
problem-erased-do = Ya nadie puede abrirlo.
problem-not-enrolled = No ha depositado ninguna clave
problem-not-enrolled-do = Las respuestas se cifran para una clave suya; cree una y entréguela a un supervisor.

search-sort = Orden
search-why = Por qué este resultado
search-least = Al menos
sort-best = Los mejores primero
sort-newest = Últimas capturas primero
sort-oldest = Primeras capturas primero
sort-newest-posted = Últimas publicaciones primero
sort-oldest-posted = Primeras publicaciones primero
sort-cheapest = Precio más bajo primero
sort-dearest = Precio más alto primero
facet-place = País
facet-board = Sección
facet-month = Mes
histogram = En el tiempo
first-day = Primero
last-day = Último
kind-board = Sección
kind-ad-list = Lista de anuncios
pivot-links = Lo que está unido a ella
pivot-places = Por país
capture-alike = Páginas que dicen casi lo mismo

links-title = Enlaces de { $token }
links-about = Dos fichas están enlazadas cuando figuran en la misma página. Un enlace es un motivo para mirar, no una conclusión.
links-depth = Pasos
links-nodes = Fichas, las más cercanas primero
links-end = Por qué no se sigue
links-end-hub = En tantas páginas que une lo que nada tiene que ver
links-end-weak = Compartida por muchos: un lugar, una organización, una fecha
links-end-depth = Hasta donde se pidió
links-none = Ninguna otra ficha figura en las mismas páginas.
links-edges = Enlaces y sus motivos
links-from = De
links-to = A
links-together = Juntas en
links-such = Capturas
links-cut = Hay más de lo que se muestra.
links-wrong = ¿Erróneo?
links-remove = Quitar
links-remove-title = Un enlace erróneo
links-why = Por qué es erróneo
links-removed = Enlaces que alguien halló erróneos: no vuelven hasta que se repongan
links-restore = Reponer

groups-title = Grupos en { $case }
groups-title-short = Grupos
groups-about = Páginas que dicen casi lo mismo, mostradas por lo que tienen en común, con huecos donde difieren.
groups-count = { $count } grupos de { $captures } capturas.
groups-cut = El caso tiene más capturas de las que se comparan: pueden faltar grupos.
groups-mirrors = Sitios que repiten otro
groups-repeats = Repite
groups-shared = Capturas comunes
groups-none = No hay dos capturas que digan casi lo mismo.
groups-one = { $count ->
    [one] { $count } captura
   *[other] { $count } capturas
}

schedules = Calendarios
schedules-none = Este caso se recoge cuando alguien lo inicia, y por ningún calendario.
schedule-pattern = Patrón
schedule-pattern-help = Minuto, hora, día del mes, mes, día de la semana: 0 3 * * * es cada noche a las tres.
schedule-zone = Zona horaria
schedule-minutes = Minutos como máximo
schedule-next = Próxima vez
schedule-runs = Ejecuciones
schedule-missed = Perdidas
schedule-by = Hecho por
schedule-add = Añadir el calendario
schedule-remove = Quitar
problem-minutes = El número de minutos no sirve
problem-minutes-do = Use de 1 a 10080, que es una semana.

# Working on a case

folders-title = Carpetas de { $case }
folders-short = Carpetas
folders-none = Todavía no hay ninguna carpeta.
folders-none-do = Una carpeta reúne capturas que van juntas. Cree una y ponga en ella capturas desde la página de cada una.
folder-title = Carpeta { $name }
folder-name = Nombre de la carpeta
folder-new = Una carpeta nueva
folder-make = Crear la carpeta
folder-all = Todas las carpetas
folder-none = Esta carpeta está vacía.
folder-none-do = Abra una captura y póngala aquí.
folder-take = Sacar
folder-put = Carpeta
folder-put-button = Poner en la carpeta
folder-added-by = La puso
folder-added-at = Puesta el
made-by = Creada por
made-at = Creada el
no-identifiers = Ni nombres, ni números, ni direcciones: se rechazan. Use fichas.

notes-title = Notas sobre { $case }
notes-short = Notas
notes-none = No se ha anotado nada.
notes-none-do = Anote lo que ve y lo que piensa de ello, cada cosa por lo que es.
notes-all = Todas las notas del caso
note-about = Sobre
note-about-case = El caso en su conjunto
note-about-help = La palabra case, el identificador de una captura o una ficha.
note-kind = Tipo de afirmación
note-note = Nota de trabajo
note-tag = Etiqueta
note-captured = Captado: lo que dice una página
note-derived = Deducido: lo que se sigue de las páginas
note-assessed = Valorado: lo que piensa una persona
note-text = Afirmación
note-founded = En qué se apoya una afirmación deducida o valorada
note-basis = Fundamento
note-confidence = Confianza
confidence-low = Baja
confidence-moderate = Media
confidence-high = Alta
note-until = Vale hasta
note-expired = ya no vale
note-withdraw = Retirar
note-new = Anotar algo
note-new-about = Nadie debe tomar una conjetura por un hecho: una valoración dice en qué se apoya, cuán seguro está usted y hasta cuándo vale.
note-write = Anotar
pivot-notes = Notas sobre ella

alerts-title = Búsquedas guardadas y alertas de { $case }
alerts-short = Alertas
alerts-none = No hay ninguna búsqueda guardada.
alerts-none-do = Guarde una consulta para volver a ella; como alerta, cada página nueva se compara con ella.
alerts-all = Todas las búsquedas guardadas
alert-title = Alerta { $name }
alert-on = Las páginas nuevas se comparan con ella
alert-off = Solo guardada
alert-forget = Olvidar
alert-new = Guardar una búsqueda
alert-name = Nombre
alert-check = Comparar cada página nueva con ella (una alerta)
alert-save = Guardar
alert-none = Ninguna página la ha activado.
alert-none-do = Las páginas se comparan con ella al indexarse, desde que se guardó.
alert-matched = Activada el
alert-seen = Vista por
alert-new-page = Nueva
alert-noted = Estas páginas cuentan como vistas desde ahora. Su consulta consta en el registro.
search-save = Guardar esta búsqueda

indicators-title = Indicadores en { $case }
indicators-short = Indicadores
indicators-about = Cada regla nombra palabras que una fuente publicada considera un indicador de trata. Una señal se refiere a una página, nunca a una persona; no hay puntuación, y una señal no significa nada hasta que alguien ha mirado y ha dicho por qué.
indicators-none = Ninguna regla señala páginas de este caso.
indicators-none-do = Las reglas se aplican de nuevo cada vez que se abre esta página.
indicator-search = Buscarlas todas
flag-confirmed = Confirmada
flag-dismissed = Descartada
flag-open = Nadie ha mirado todavía.
flag-decide = Decidir
flag-decide-anew = Decidir de nuevo
flag-confirm = Confirmar
flag-dismiss = Descartar

problem-about = Una nota no puede tratar de eso
problem-about-do = Escriba case, el identificador de una captura o una ficha como [PHONE:k7f3a9q2m4xtc].
problem-day = Eso no es un día
problem-day-do = Escriba año-mes-día, por ejemplo 2027-05-31.
problem-taken = El caso ya tiene uno con ese nombre
problem-taken-do = Elija otro nombre.
problem-length = Un texto está vacío o es demasiado largo
problem-length-do = El número dice cuántos caracteres puede haber.
problem-unfounded = Esta afirmación no dice en qué se apoya
problem-unfounded-do = Una afirmación deducida necesita su fundamento; una valorada necesita su fundamento, una confianza y un día hasta el que vale.

alert-look = { $count ->
    [one] { $count } página nueva: ver
   *[other] { $count } páginas nuevas: ver
}
indicator-count = { $count ->
    [one] { $count } página señalada; se muestran las más recientes
   *[other] { $count } páginas señaladas; se muestran las más recientes
}
indicators-silent = { $count ->
    [one] { $count } regla no señala nada aquí.
   *[other] { $count } reglas no señalan nada aquí.
}
notes-about-this = { $count ->
    [one] { $count } nota sobre esta captura
   *[other] { $count } notas sobre esta captura
}

home-keys = Entrar con una llave de seguridad: añada una o vea las suyas
keys-link = Llaves de seguridad
keys-title = Sus llaves de seguridad
keys-about = Una llave de seguridad le identifica con un toque y su PIN o su huella, en esta dirección y en ninguna otra: nadie puede hacer que la use en otro sitio. Tenga dos, en lugares distintos.
keys-demanded = Su función entra aquí solo con una llave de seguridad; la última se queda.
keys-needed = Añada una llave de seguridad para continuar
keys-needed-do = Su función entra aquí con una llave de seguridad. Añada una abajo y entre con ella. Hasta entonces no tiene acceso a nada más.
keys-none = Todavía no tiene ninguna llave de seguridad
keys-none-do = Entra con su frase de paso y un código. Con una llave no necesita ninguno de los dos.
key-added = Añadida
key-used = Último uso
key-unused = todavía no
key-kind = Tipo
key-bound = ligada a un solo dispositivo
key-synced = una llave de acceso que su proveedor puede copiar a sus otros dispositivos
key-remove = Quitar
key-new = Añadir una llave
key-name = Nombre de la llave
key-name-help = Para distinguirla de las demás, por ejemplo «azul, en casa». Quienes administran las cuentas pueden leerlo.
key-add = Añadir esta llave
key-needs-scripts = Las llaves de seguridad necesitan scripts, y este navegador no los ejecuta aquí o no conoce llaves. Todo lo demás funciona sin ellos; entre con su frase de paso y un código.
key-waits = Toque su llave e introduzca su PIN o su huella.
key-not-given = El navegador no ha dado ninguna llave: se canceló, tardó demasiado o la llave no es para esta página. Inténtelo de nuevo.
key-elsewhere = Las llaves de seguridad se usan en esta dirección:
prove-title = Demuestre que es usted
prove-about = Para añadir o quitar llaves. Vale durante cinco minutos.
prove-code-help = Uno nuevo: el que usó para entrar ya está gastado.
prove = Demostrar
prove-with-key = O con una llave que ya tiene
prove-key = Demostrar con una llave
sign-in-key-title = Con una llave de seguridad
sign-in-key = Entrar con una llave de seguridad
sign-in-key-failed = Esa llave no se ha aceptado. Puede que no esté registrada aquí o que ya no lo esté. El intento consta en el registro.
sign-in-key-late = Ha tardado demasiado o la página estaba abierta dos veces. Inténtelo de nuevo.
sign-in-key-demanded = Su función entra aquí con una llave de seguridad. Si ha perdido la suya, pida a otro supervisor que la retire.
problem-key = La llave de seguridad no se ha aceptado
problem-key-do = Inténtelo de nuevo o con otra llave. El intento consta en el registro.
problem-key-late = La página estuvo abierta demasiado tiempo
problem-key-late-do = O estaba abierta dos veces. Inténtelo de nuevo; esta página pregunta otra vez.
problem-key-demanded = Su función entra con una llave de seguridad
problem-key-demanded-do = Use un navegador y su llave. Si la ha perdido, otro supervisor la retira.
problem-key-first = Añada primero una llave de seguridad
problem-key-first-do = Su función entra aquí con una. Añádala con un navegador, en «Llaves de seguridad».
problem-key-name = Ese no es un nombre de llave
problem-key-name-do = Use de 1 a 60 caracteres y un nombre que no tenga ninguna de sus llaves.
problem-key-limit = Tiene tantas llaves como se permiten
problem-key-limit-do = Quite una primero.
problem-last-key = Es su última llave
problem-last-key-do = Su función necesita una aquí. Añada otra primero.
