# Ce que disent les pages. Toutes les langues ont les mêmes clés ; un test y veille.

product = Lanthorn
skip = Aller au contenu
menu = Menu
language = Langue
language-choose = Choisir
footer = Ce qui est fait ici est inscrit dans un journal que d’autres peuvent vérifier.
sign-out = Se déconnecter
back-home = Retour à l’accueil

menu-home = Accueil
menu-cases = Affaires
menu-requests = Mes demandes
menu-queue = Décisions
menu-papers = Autorisations
menu-crawls = Collectes
menu-retention = Conservation
menu-log = Journal
menu-verify = Vérifier
menu-patterns = Signaux
menu-help = Aide

role-analyst = Analyste
role-supervisor = Superviseur
role-operator = Opérateur
role-auditor = Auditeur

sign-in-title = Connexion
sign-in = Se connecter
sign-in-person = Nom du compte
sign-in-passphrase = Phrase secrète
sign-in-code = Code à six chiffres
sign-in-code-help = De votre programme d’authentification. Laissez vide la première fois.
sign-in-notice = Chaque tentative est inscrite au journal. Si vous ne pouvez pas vous connecter, demandez à un superviseur ; personne n’a besoin de votre phrase secrète pour vous aider.
sign-in-failed = Cela n’a pas fonctionné : le nom, la phrase secrète ou le code n’est pas juste. Chaque code sert une seule fois ; attendez le suivant et réessayez.
sign-in-locked = Trop de tentatives. Attendez { $seconds } secondes et réessayez.
sign-in-empty = Indiquez votre nom de compte et votre phrase secrète.

second-factor-title = Préparer la seconde étape
second-factor-about = Désormais vous vous connectez avec votre phrase secrète et un code affiché par un programme sur votre téléphone ou votre ordinateur. Tout programme de codes TOTP convient.
second-factor-step-1 = Entrez ce secret dans le programme. Il n’est montré que maintenant.
second-factor-open = L’ouvrir dans un programme de cet appareil
second-factor-step-2 = Tapez les six chiffres que le programme affiche.
second-factor-confirm = Confirmer
second-factor-failed = Ce code n’est pas juste. Vérifiez l’heure du programme et tapez les chiffres affichés maintenant.

home-title = Accueil
home-about-analyst = Vous cherchez dans les pages expurgées de vos affaires. Les noms, numéros et adresses y sont remplacés par des jetons ; dans une affaire, le même jeton désigne toujours la même chose.
home-about-supervisor = Vous décidez, avec d’autres, si un original est ouvert. Vous approuvez dans votre propre client, avec votre propre clé.
home-about-operator = Vous menez des collectes dans le cadre d’autorisations signées et voyez où elles en sont. Vous ne voyez aucun contenu.
home-about-auditor = Vous contrôlez le journal : qui a fait quoi, pourquoi, et ce qui a été refusé. Vous ne voyez aucun original.
home-queue = { $count ->
    [one] demande attend votre décision
   *[other] demandes attendent votre décision
}
home-requests = { $count ->
    [one] de vos demandes est en cours
   *[other] de vos demandes sont en cours
}
home-cases = { $count ->
    [one] affaire à laquelle vous travaillez
   *[other] affaires auxquelles vous travaillez
}
home-reports = { $count ->
    [one] rapport d’un navigateur sur ces pages
   *[other] rapports de navigateurs sur ces pages
}
home-rules = Comment cela marche ici
home-rule-redacted = Ce que vous voyez est expurgé. Les originaux sont scellés ; personne ne peut en ouvrir un seul.
home-rule-reason = Pour lire une page entière, vous dites pourquoi. Votre motif est conservé.
home-rule-log = Chaque étape est inscrite avant d’avoir lieu, et tout le monde peut vérifier le journal.
home-rule-two = Personne n’accorde sa propre demande.

help-title = Aide
help-keys = Raccourcis clavier
help-keys-about = Appuyez sur la touche avec la combinaison de votre navigateur : Alt+Maj dans Firefox et Tor Browser, Alt dans Chromium et Edge, Contrôle+Option sur Mac.
help-key = Touche
help-leads = Mène à
help-search-field = Le champ de recherche
help-query = Le langage de requête
help-typed = Saisi
help-finds = Trouve
help-q-words = Les pages avec les deux mots
help-q-phrase = Les mots côte à côte, dans cet ordre
help-q-or = Les pages avec l’un des deux mots
help-q-not = Les pages avec le premier mot et sans le second
help-q-field = Les pages d’un site, ou d’un genre
help-q-range = Les pages publiées dans une période
help-q-token = Les pages qui portent cet identifiant caché
help-tokens = Jetons
help-tokens-about = Un jeton comme [PHONE:k7f3a9q2m4xtc] remplace un identifiant qui a été caché avant tout enregistrement. On ne peut pas revenir en arrière. Chacun mène à son pivot : toutes les pages de l’affaire qui portent le même identifiant, quelle que soit la façon dont il était écrit.

cases-title = Affaires
cases-none = Vous ne travaillez encore à aucune affaire.
cases-none-do = Un superviseur ouvre les affaires et y affecte les personnes.
case = Affaire
case-open = Ouverte
case-closed = Close
case-since = depuis le { $day }

search-title = Recherche dans { $case }
search-field = Requête
search-button = Chercher
search-help = Mots, "expressions", AND, OR, NOT, champ:valeur et jetons. Ni noms, ni numéros, ni adresses : ils sont refusés.
search-help-more = En savoir plus sur les requêtes
search-count = { $count ->
    [one] { $count } capture correspond
   *[other] { $count } captures correspondent
}
search-understood = Compris comme
search-none = Aucune page ne correspond.
search-none-do = Enlevez un mot, utilisez OR, ou regardez comment la requête a été comprise.
search-empty = Tapez des mots que les pages recherchées emploieraient.
search-empty-do = Essayez un lieu, une tournure ou un genre de page, comme kind:ad. Cliquez sur un jeton pour voir tout ce qui le partage.
untitled = (sans titre)
facets = Affiner
facet-site = Site
facet-language = Langue
facet-kind = Genre
facet-value = Valeur
facet-count = Captures
facet-share = Part
pages = Pages de résultats
page-before = Résultats précédents
page-after = Résultats suivants
page-of = Page { $page } sur { $pages }
kind-ad = Annonce
kind-thread = Discussion
kind-other = Autre
day = Jour
month = Mois
token = Jeton

pivot-title = Pivot sur { $token }
pivot-count = { $count } des { $documents } captures de cette affaire le portent.
pivot-seen = Vu d’abord le { $first }, en dernier le { $last }.
pivot-search = Le chercher
pivot-none = Aucune capture de cette affaire ne porte ce jeton. Les jetons d’une autre affaire ne signifient rien ici.
pivot-sites = Par site
pivot-months = Par mois
pivot-captures = Captures, les plus récentes d’abord
pivot-together = Jetons voisins
pivot-together-count = { $count ->
    [one] { $count } jeton figure dans les mêmes captures
   *[other] { $count } jetons figurent dans les mêmes captures
}

capture-title = Capture
capture-name = Titre
capture-id = Capture
capture-sealed-at = Collectée et scellée
capture-original = Original
capture-original-sealed = Scellé, { $size }
capture-original-erased = Effacé : personne ne peut plus l’ouvrir
capture-authorisation = Autorisation
capture-commitment = Empreinte (SHA-256)
capture-read = Lire la page expurgée
capture-reason-help = Une phrase, sans noms ni numéros. Elle est conservée au journal.
capture-read-button = Montrer la page
capture-noted = Que vous avez lu cette page, et pourquoi, figure au journal.
capture-cut = La page est plus longue que ce qui est montré.
capture-ask = Demander l’ouverture de l’original
reason = Motif

request-form-title = Demander l’ouverture d’un original
request-form-about = Des superviseurs décident si vous pouvez ouvrir ce seul original. Chacun vérifie, dans son propre client, si c’est nécessaire et proportionné.
request-not-enrolled = Vous n’avez déposé aucune clé pour laquelle une réponse pourrait être chiffrée. Créez-en une sur votre machine et remettez le fichier à un superviseur :
request-code = Code du motif
request-code-help = Un code de votre service, comme R1. break-glass lève l’attente en cas de danger imminent pour une vie ; l’usage est examiné ensuite.
request-reason-help = Ce que vous pensez trouver et pourquoi rien de moins intrusif ne suffit. Ni noms, ni numéros.
legal-basis = Base légale
request-hours = Heures jusqu’à la fin de la demande
request-send = Envoyer la demande
request-title = Demande { $number }
request-number = Demande
request-state = État
request-approvals = Approbations
request-until = Prend fin
request-asked-by = Demandée par
request-break-glass = Bris de glace : les plafonds ne valent pas pour elle, et une personne qui n’y a pas pris part doit l’examiner.
request-open = L’ouvrir
request-open-about = Quand assez de superviseurs ont approuvé, ouvrez-le sur votre machine, où se trouve votre clé :
request-withdraw = La retirer
request-withdraw-button = Retirer la demande
requests-title = Mes demandes
requests-none = Vous n’avez rien demandé.
requests-none-do = Trouvez une capture, lisez la page expurgée, et demandez à partir de là si seul l’original peut aider.
state-waiting = En attente
state-approved = Approuvée par au moins une personne
state-denied = Refusée
state-withdrawn = Retirée
state-over = Son délai est passé
decisions = Décisions
decisions-none = Personne n’a encore décidé.
decision-approved = approuve
decision-denied = refuse

queue-title = Décisions
queue-about = Rien n’est approuvé sur cette page : votre approbation est une part de clé que seul votre client détient. Vous pouvez refuser ici.
queue-none = Rien n’attend votre décision.
queue-none-do = Les demandes des analystes apparaissent ici dès qu’elles sont faites.
queue-approvals = { $count ->
    [one] { $count } approbation
   *[other] { $count } approbations
}
queue-decided = Décidées ou expirées
decision-around = Ce qu’il faut savoir d’autre
decision-of-person = Demandes de cette personne en trente jours
decision-of-capture = Demandes pour cette capture jusqu’ici
decision-entry = Entrée du journal qui l’annonce
decision-own = Cette demande est la vôtre : quelqu’un d’autre décide.
decision-done = Vous avez décidé.
decision-approve = Approuver
decision-approve-about = Approuvez dans votre propre client, qui vérifie encore le journal et la demande :
decision-check-necessary = L’original est-il nécessaire, ou la page expurgée en dit-elle assez ?
decision-check-proportionate = Ce qui peut être trouvé pèse-t-il plus que ce que perdent tous ceux qui figurent sur cette page ?
decision-check-legal = La base légale couvre-t-elle ce motif ?
decision-deny = Refuser
decision-deny-help = La personne qui demande le lit. Un refus met fin à la demande.
decision-deny-button = Refuser la demande

papers-title = Autorisations
papers-about = Rien n’est collecté sans l’une d’elles en vigueur. Les superviseurs les signent sur leurs propres machines.
papers-none = Aucune autorisation n’est enregistrée.
papers-none-do = Rédigez-en une, faites-la signer par les superviseurs, enregistrez-la :
paper-standing = Situation
paper-signed = Signée par
paper-until = En vigueur jusqu’au
paper-kept = Les captures sont conservées
days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
standing-in-force = En vigueur
standing-revoked = Révoquée
standing-over = Son délai est passé

crawls-title = Collectes
crawls-none = Il n’y a encore aucune affaire.
crawls-none-do = Un superviseur en ouvre une ; puis une autorisation est enregistrée pour elle.
crawl-title = Collecte de { $case }
crawl-progress = { $done } pages visitées, { $waiting } en attente.
crawl-busy = { $count ->
    [0] Aucun hôte n’est interrogé en ce moment.
    [one] { $count } hôte est interrogé en ce moment.
   *[other] { $count } hôtes sont interrogés en ce moment.
}
crawl-watch = Suivre : recharger cette page toutes les dix secondes
crawl-stop-watching = Ne plus suivre
crawl-none = Rien de cette affaire n’a été collecté.
crawl-none-do = Une collecte se lance sur la machine qui collecte :
crawl-hosts = Hôtes
crawl-waiting = En attente
crawl-done = Visitées
crawl-retired = Abandonnées
crawl-refused = Liens refusés
crawl-bytes = Reçu
crawl-latency = Latence
crawl-share = Avancement
crawl-why = Pourquoi attend-elle ?
crawl-pause = Suspendre ou reprendre
crawl-pause-button = Suspendre cette collecte
crawl-resume-button = Reprendre cette collecte
host-ready = Prêt
host-snoozed = Au repos
host-leased = Interrogé
host-retired = Retiré
host-exhausted = Rien ne reste

retention-title = Conservation
retention-about = Combien d’originaux chaque autorisation conserve, et combien ont dépassé leur durée.
retention-none = Rien n’a été collecté.
retention-days = Jours
retention-kept = Conservés
retention-due = Échus
retention-held = Sous réserve
retention-erased = Effacés
retention-do = Un superviseur efface ce qui est échu avec

log-title = Journal
log-person = Personne
log-kind = Genre d’acte
log-every-kind = Tous les genres
log-capture = Capture
log-filter = Montrer
log-refusals = Seulement les refus
log-wrong = L’un des champs est illisible : une personne s’écrit comme s.maria, une capture avec 32 chiffres hexadécimaux.
log-none = Aucune entrée ne correspond.
log-entry = Entrée
log-at = Date
log-act = Acte
log-who = Qui
log-says = Ce que dit l’enregistrement
log-erased = L’enregistrement a été effacé ; l’entrée reste.
log-hidden = (chiffré pour les auditeurs)
log-older = Entrées plus anciennes
log-queries = Ce que les gens ont cherché est chiffré pour vous. Lisez-le sur votre machine avec
part-intent = annoncé
part-outcome = terminé
part-note = noté
act-collect = Collecté
act-alter = Modifié
act-consult = Cherché ou lu
act-disclose = Communiqué
act-combine = Pivoté
act-erase = Effacé
act-refuse = Refusé
act-sign-in = Connecté
act-sign-in-failed = Connexion échouée
act-sign-out = Déconnecté
act-unseal-request = Ouverture demandée
act-unseal-grant = Approuvé
act-unseal-deny = Refus d’ouvrir
act-unseal-open = Ouvert
act-unseal-close = Refermé
act-log-read = Journal lu
act-account = Compte d’un site utilisé

verification-title = Vérification
verification-good = { $count ->
    [one] Le journal est intact : { $count } entrée, dans l’arbre signé.
   *[other] Le journal est intact : { $count } entrées, chacune dans l’arbre signé.
}
verification-origin = Journal
verification-at = Vérifié
verification-opened = Enregistrements qui ouvrent leur entrée
verification-erased = Enregistrements effacés
verification-unsigned = Entrées en attente de signature
verification-open = Actes annoncés et non terminés
verification-witnesses = Témoins
verification-no-witness = Personne ne l’a encore cosigné. Superviseurs et auditeurs le font dans leur propre client.
verification-witnessed = { $count ->
    [one] a cosigné { $count } entrée
   *[other] a cosigné { $count } entrées
}
verification-bad = Le journal n’est pas intact.
verification-bad-do = Cessez d’utiliser cette installation, gardez son dossier tel quel et comparez-le à la copie d’un témoin.
verification-outside = Ce contrôle tourne sur la machine qu’il contrôle. Copiez le journal et vérifiez-le ailleurs avec

patterns-title = Signaux
patterns-about = Ce qu’un auditeur regarde d’abord. Aucun n’est un constat : quelqu’un doit regarder les entrées.
patterns-none = Rien de ce que ces règles cherchent.
patterns-rows = Entrées
pattern-reciprocity = Ils s’approuvent mutuellement
pattern-speed = Approuvé en quelques instants
pattern-same-pair = Presque toujours le même superviseur
pattern-refusals = Refusé à plusieurs reprises
pattern-night = La nuit

problem-at = L’erreur est au caractère { $place }.
problem-wait = Réessayez dans { $seconds } secondes.
problem-not-found = Il n’y a rien ici
problem-not-found-do = Cela n’existe pas, ou appartient à une affaire à laquelle vous ne travaillez pas. Partez de vos affaires.
problem-signed-out = Vous n’êtes pas connecté
problem-signed-out-do = Connectez-vous et continuez.
problem-sign-in = La connexion a échoué
problem-sign-in-do = Le nom, la phrase secrète ou le code n’est pas juste.
problem-locked = Trop de tentatives de connexion
problem-locked-do = Attendez, puis réessayez.
problem-second-factor-first = La seconde étape n’est pas préparée
problem-second-factor-first-do = Connectez-vous une fois avec un navigateur et préparez-la là.
problem-role = Votre rôle ne fait pas cela
problem-role-do = Demandez à quelqu’un dont c’est le rôle. Votre essai figure au journal.
problem-refused = Une règle l’interdit
problem-refused-do = La règle dit ce qui le rendrait licite. Votre essai figure au journal.
problem-form-token = Ce formulaire n’est plus valable
problem-form-token-do = Revenez en arrière, rechargez la page et envoyez-la de nouveau. Si vous n’avez rien envoyé, quelqu’un d’autre a peut-être essayé en votre nom.
problem-too-many = Trop de requêtes
problem-too-many-do = Vous allez plus vite que ce serveur ne le permet à une personne.
problem-host = Ce n’est pas l’adresse de ce serveur
problem-host-do = Utilisez l’adresse que votre service vous a donnée.
problem-deadline = Cela a pris trop de temps
problem-deadline-do = Restreignez la requête, ou retirez un mot courant d’une expression.
problem-unavailable = Indisponible pour le moment
problem-unavailable-do = Réessayez dans un instant ; si cela persiste, prévenez qui s’occupe de la machine.
problem-failed = Quelque chose a échoué
problem-failed-do = C’est noté. Réessayez ; si cela persiste, prévenez qui s’occupe de la machine.
problem-no-log = Le journal ne peut pas être écrit
problem-no-log-do = Ce qui ne peut pas être inscrit n’est pas fait. Prévenez qui s’occupe de la machine.
problem-unreadable = Cette requête est illisible
problem-unreadable-do = Revenez en arrière et utilisez le formulaire.
problem-too-large = C’est trop long
problem-too-large-do = Raccourcissez et réessayez.
problem-empty-field = Un champ est vide
problem-empty-field-do = Remplissez tous les champs du formulaire.
problem-long-field = Un texte est trop long
problem-long-field-do = Utilisez une phrase de mille caractères au plus.
problem-hours = Le nombre d’heures ne convient pas
problem-hours-do = Utilisez de 1 à 72.
problem-usage = Cela ne convient pas
problem-usage-do = Lisez ce qui est dit et changez-le.
problem-token = Ce n’est pas un jeton
problem-token-do = Un jeton ressemble à [PHONE:k7f3a9q2m4xtc]. Cliquez sur l’un d’eux dans un résultat.
problem-identifier = Ceci contient un identifiant et n’a donc pas été utilisé
problem-identifier-do = Les noms, numéros et adresses ne sont jamais cherchés ni enregistrés. Cherchez plutôt le jeton : trouvez une page qui le porte et cliquez dessus. Ce que vous avez tapé n’a été gardé nulle part ; le refus figure au journal.
problem-query = La requête est illisible
problem-query-do = Corrigez-la et cherchez de nouveau.
problem-no-index = Rien n’est encore indexé pour cette affaire
problem-no-index-do = Des pages apparaîtront ici dès qu’une collecte en aura réuni.
problem-window = C’est trop loin
problem-window-do = Personne ne lit dix mille résultats : restreignez plutôt la requête.
problem-not-indexed = La page expurgée n’est pas dans l’index
problem-not-indexed-do = Elle n’est peut-être pas encore indexée, ou une capture plus récente de la même page l’a remplacée.
problem-erased = L’original a été effacé
problem-erased-do = Personne ne peut plus l’ouvrir.
problem-not-enrolled = Vous n’avez déposé aucune clé
problem-not-enrolled-do = Les réponses sont chiffrées pour une clé à vous ; créez-en une et remettez-la à un superviseur.

search-sort = Ordre
search-why = Pourquoi ce résultat
search-least = Au moins
sort-best = Les meilleurs d’abord
sort-newest = Dernières captures d’abord
sort-oldest = Premières captures d’abord
sort-newest-posted = Dernières publications d’abord
sort-oldest-posted = Premières publications d’abord
sort-cheapest = Prix le plus bas d’abord
sort-dearest = Prix le plus haut d’abord
facet-place = Pays
facet-board = Rubrique
facet-month = Mois
histogram = Dans le temps
first-day = Premier
last-day = Dernier
kind-board = Rubrique
kind-ad-list = Liste d’annonces
pivot-links = Ce qui s’y rattache
pivot-places = Par pays
capture-alike = Pages qui disent presque la même chose

links-title = Liens de { $token }
links-about = Deux jetons sont liés quand ils figurent sur la même page. Un lien est une raison de regarder, pas un constat.
links-depth = Pas
links-nodes = Jetons, les plus proches d’abord
links-end = Pourquoi pas plus loin
links-end-hub = Sur tant de pages qu’il relie ce qui n’a rien à voir
links-end-weak = Partagé par beaucoup : un lieu, une organisation, une date
links-end-depth = Aussi loin que demandé
links-none = Aucun autre jeton ne figure sur les mêmes pages.
links-edges = Liens et leurs raisons
links-from = De
links-to = À
links-together = Ensemble sur
links-such = Captures
links-cut = Il y en a plus que ce qui est montré.
links-wrong = Faux ?
links-remove = Retirer
links-remove-title = Un lien qui est faux
links-why = Pourquoi il est faux
links-removed = Liens jugés faux : ils restent écartés jusqu’à ce qu’on les remette
links-restore = Remettre

groups-title = Groupes dans { $case }
groups-title-short = Groupes
groups-about = Les pages qui disent presque la même chose, montrées par ce qu’elles ont en commun, avec des cases là où elles diffèrent.
groups-count = { $count } groupes de { $captures } captures.
groups-cut = L’affaire a plus de captures qu’on n’en compare : des groupes peuvent manquer.
groups-mirrors = Sites qui en répètent un autre
groups-repeats = Répète
groups-shared = Captures communes
groups-none = Il n’y a pas deux captures qui disent presque la même chose.
groups-one = { $count ->
    [one] { $count } capture
   *[other] { $count } captures
}

schedules = Calendriers
schedules-none = Cette affaire est collectée quand quelqu’un le lance, et selon aucun calendrier.
schedule-pattern = Motif
schedule-pattern-help = Minute, heure, jour du mois, mois, jour de la semaine : 0 3 * * * veut dire chaque nuit à trois heures.
schedule-zone = Fuseau horaire
schedule-minutes = Minutes au plus
schedule-next = Prochaine fois
schedule-runs = Passages
schedule-missed = Manqués
schedule-by = Fait par
schedule-add = Ajouter le calendrier
schedule-remove = Retirer
problem-minutes = Le nombre de minutes ne convient pas
problem-minutes-do = Utilisez de 1 à 10080, soit une semaine.

# Working on a case

folders-title = Dossiers de { $case }
folders-short = Dossiers
folders-none = Il n’y a encore aucun dossier.
folders-none-do = Un dossier réunit des captures qui vont ensemble. Créez-en un, puis rangez-y des captures depuis leur propre page.
folder-title = Dossier { $name }
folder-name = Nom du dossier
folder-new = Un nouveau dossier
folder-make = Créer le dossier
folder-all = Tous les dossiers
folder-none = Ce dossier est vide.
folder-none-do = Ouvrez une capture et rangez-la ici.
folder-take = Retirer
folder-put = Dossier
folder-put-button = Ranger dans le dossier
folder-added-by = Rangée par
folder-added-at = Rangée le
made-by = Créé par
made-at = Créé le
no-identifiers = Ni noms, ni numéros, ni adresses : ils sont refusés. Utilisez les jetons.

notes-title = Notes sur { $case }
notes-short = Notes
notes-none = Rien n’a été noté.
notes-none-do = Notez ce que vous voyez et ce que vous en pensez, chaque chose sous son vrai nom.
notes-all = Toutes les notes de l’affaire
note-about = Au sujet de
note-about-case = L’affaire dans son ensemble
note-about-help = Le mot case, l’identifiant d’une capture ou un jeton.
note-kind = Nature de l’énoncé
note-note = Note de travail
note-tag = Étiquette
note-captured = Capté : ce que dit une page
note-derived = Déduit : ce qui découle des pages
note-assessed = Apprécié : ce qu’une personne pense
note-text = Énoncé
note-founded = Sur quoi repose un énoncé déduit ou apprécié
note-basis = Fondement
note-confidence = Confiance
confidence-low = Faible
confidence-moderate = Moyenne
confidence-high = Élevée
note-until = Valable jusqu’au
note-expired = n’est plus valable
note-withdraw = Retirer
note-new = Noter quelque chose
note-new-about = Personne ne doit prendre une supposition pour un fait : une appréciation dit sur quoi elle repose, à quel point vous en êtes sûr et jusqu’à quand elle vaut.
note-write = Noter
pivot-notes = Notes à son sujet

alerts-title = Recherches enregistrées et alertes de { $case }
alerts-short = Alertes
alerts-none = Aucune recherche n’est enregistrée.
alerts-none-do = Enregistrez une requête pour y revenir ; comme alerte, chaque nouvelle page lui est comparée.
alerts-all = Toutes les recherches enregistrées
alert-title = Alerte { $name }
alert-on = Les nouvelles pages lui sont comparées
alert-off = Enregistrée seulement
alert-forget = Oublier
alert-new = Enregistrer une recherche
alert-name = Nom
alert-check = Comparer chaque nouvelle page à elle (une alerte)
alert-save = Enregistrer
alert-none = Aucune page ne l’a déclenchée.
alert-none-do = Les pages lui sont comparées à mesure qu’elles sont indexées, dès son enregistrement.
alert-matched = Déclenchée le
alert-seen = Vue par
alert-new-page = Nouvelle
alert-noted = Ces pages comptent désormais comme vues. Votre consultation figure au journal.
search-save = Enregistrer cette recherche

indicators-title = Indicateurs dans { $case }
indicators-short = Indicateurs
indicators-about = Chaque règle nomme des mots qu’une source publiée tient pour un indicateur de traite. Un signalement porte sur une page, jamais sur une personne ; il n’y a pas de note, et un signalement ne veut rien dire tant que personne n’a regardé et dit pourquoi.
indicators-none = Aucune règle ne signale de page de cette affaire.
indicators-none-do = Les règles sont relues à chaque ouverture de cette page.
indicator-search = Les chercher toutes
flag-confirmed = Confirmé
flag-dismissed = Écarté
flag-open = Personne n’a encore regardé.
flag-decide = Décider
flag-decide-anew = Décider à nouveau
flag-confirm = Confirmer
flag-dismiss = Écarter

problem-about = Une note ne peut pas porter là-dessus
problem-about-do = Écrivez case, l’identifiant d’une capture ou un jeton tel que [PHONE:k7f3a9q2m4xtc].
problem-day = Ce n’est pas un jour
problem-day-do = Écrivez année-mois-jour, par exemple 2027-05-31.
problem-taken = L’affaire en a déjà un de ce nom
problem-taken-do = Choisissez un autre nom.
problem-length = Un texte est vide ou trop long
problem-length-do = Le nombre dit combien de caractères il peut y avoir.
problem-unfounded = Cet énoncé ne dit pas sur quoi il repose
problem-unfounded-do = Un énoncé déduit demande son fondement ; un énoncé apprécié demande son fondement, une confiance et un jour jusqu’auquel il vaut.

alert-look = { $count ->
    [one] { $count } nouvelle page : voir
   *[other] { $count } nouvelles pages : voir
}
indicator-count = { $count ->
    [one] { $count } page est signalée ; les plus récentes sont montrées
   *[other] { $count } pages sont signalées ; les plus récentes sont montrées
}
indicators-silent = { $count ->
    [one] { $count } règle ne signale rien ici.
   *[other] { $count } règles ne signalent rien ici.
}
notes-about-this = { $count ->
    [one] { $count } note sur cette capture
   *[other] { $count } notes sur cette capture
}

home-keys = Se connecter avec une clé de sécurité : en ajouter une, ou voir les vôtres
keys-link = Clés de sécurité
keys-title = Vos clés de sécurité
keys-about = Une clé de sécurité vous connecte par un contact et son code PIN ou votre doigt, à cette adresse et à aucune autre : personne ne peut vous amener à l’utiliser ailleurs. Gardez-en deux, en des lieux différents.
keys-demanded = Votre rôle se connecte ici uniquement avec une clé de sécurité ; la dernière reste.
keys-needed = Ajoutez une clé de sécurité pour continuer
keys-needed-do = Votre rôle se connecte ici avec une clé de sécurité. Ajoutez-en une ci-dessous, puis connectez-vous avec elle. D’ici là, rien d’autre ne vous est ouvert.
keys-none = Vous n’avez pas encore de clé de sécurité
keys-none-do = Vous vous connectez avec votre phrase secrète et un code. Avec une clé, vous n’avez besoin ni de l’une ni de l’autre.
key-added = Ajoutée
key-used = Dernière utilisation
key-unused = pas encore
key-kind = Genre
key-bound = liée à un seul appareil
key-synced = une clé d’accès que son fournisseur peut copier sur vos autres appareils
key-remove = Retirer
key-new = Ajouter une clé
key-name = Nom de la clé
key-name-help = Pour la distinguer des autres, par exemple « bleue, à la maison ». Les personnes qui gèrent les comptes peuvent le lire.
key-add = Ajouter cette clé
key-needs-scripts = Les clés de sécurité ont besoin de scripts, et ce navigateur n’en exécute pas ici ou ne connaît pas les clés. Tout le reste marche sans ; connectez-vous avec votre phrase secrète et un code.
key-waits = Touchez votre clé et donnez son code PIN ou votre doigt.
key-not-given = Le navigateur n’a donné aucune clé : c’était annulé, trop long, ou la clé présente n’est pas faite pour cette page. Réessayez.
key-elsewhere = Les clés de sécurité s’utilisent à cette adresse :
prove-title = Prouvez que c’est vous
prove-about = Pour ajouter ou retirer des clés. Cela vaut cinq minutes.
prove-code-help = Un nouveau : celui de votre connexion est consommé.
prove = Prouver
prove-with-key = Ou avec une clé que vous avez
prove-key = Prouver avec une clé
sign-in-key-title = Avec une clé de sécurité
sign-in-key = Se connecter avec une clé de sécurité
sign-in-key-failed = Cette clé n’a pas été acceptée. Elle n’est peut-être pas enregistrée ici, ou ne l’est plus. Votre tentative est dans le journal.
sign-in-key-late = C’était trop long, ou la page était ouverte deux fois. Réessayez.
sign-in-key-demanded = Votre rôle se connecte ici avec une clé de sécurité. Si la vôtre est perdue, demandez à un autre superviseur de la retirer.
problem-key = La clé de sécurité n’a pas été acceptée
problem-key-do = Réessayez, ou avec une autre clé. Votre tentative est dans le journal.
problem-key-late = La page est restée ouverte trop longtemps
problem-key-late-do = Ou elle était ouverte deux fois. Réessayez ; cette page pose une nouvelle question.
problem-key-demanded = Votre rôle se connecte avec une clé de sécurité
problem-key-demanded-do = Utilisez un navigateur et votre clé. Si elle est perdue, un autre superviseur la retire.
problem-key-first = Ajoutez d’abord une clé de sécurité
problem-key-first-do = Votre rôle se connecte ici avec une clé. Ajoutez-la avec un navigateur, sous « Clés de sécurité ».
problem-key-name = Ce n’est pas un nom de clé
problem-key-name-do = Utilisez de 1 à 60 caractères, et un nom qu’aucune de vos clés ne porte.
problem-key-limit = Vous avez autant de clés qu’il est permis
problem-key-limit-do = Retirez-en d’abord une.
problem-last-key = C’est votre dernière clé
problem-last-key-do = Votre rôle en a besoin ici. Ajoutez-en d’abord une autre.
