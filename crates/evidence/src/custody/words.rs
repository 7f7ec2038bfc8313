//! The custody report's words, in English and in French.

/// One language.
pub(super) struct Words {
    pub(super) language: &'static str,
    pub(super) title: &'static str,
    pub(super) what_this_is: &'static str,
    pub(super) pack: &'static str,
    pub(super) case: &'static str,
    pub(super) recipient: &'static str,
    pub(super) reason: &'static str,
    pub(super) legal_basis: &'static str,
    pub(super) asked_by: &'static str,
    pub(super) approved_by: &'static str,
    pub(super) made_by: &'static str,
    pub(super) log: &'static str,
    pub(super) authority: &'static str,
    pub(super) method: &'static str,
    pub(super) method_lines: [&'static str; 5],
    pub(super) rules: &'static str,
    pub(super) label: &'static str,
    pub(super) hidden: &'static str,
    pub(super) captures: &'static str,
    pub(super) capture_columns: [&'static str; 8],
    pub(super) clock_unknown: &'static str,
    pub(super) chain: &'static str,
    pub(super) chain_note: &'static str,
    pub(super) chain_columns: [&'static str; 6],
    pub(super) before: &'static str,
    pub(super) erased: &'static str,
    pub(super) copies: &'static str,
    pub(super) copy_columns: [&'static str; 4],
    pub(super) no_copies: &'static str,
    pub(super) gaps: &'static str,
    pub(super) never: [&'static str; 2],
    pub(super) cut_columns: [&'static str; 2],
    pub(super) none_cut: &'static str,
    pub(super) gap_columns: [&'static str; 3],
    pub(super) no_gaps: &'static str,
    pub(super) unused: &'static str,
    pub(super) unused_note: &'static str,
    pub(super) none_unused: &'static str,
    pub(super) limits: &'static str,
    pub(super) limit_lines: [&'static str; 4],
    acts: &'static [(&'static str, &'static str)],
    outcomes: [(&'static str, &'static str); 4],
}

impl Words {
    /// What an act is called; one without a word keeps the log's own.
    pub(super) fn act<'a>(&self, kind: &'a str) -> &'a str {
        self.acts.iter().find(|(known, _)| *known == kind).map_or(kind, |(_, word)| word)
    }

    pub(super) fn outcome<'a>(&self, outcome: &'a str) -> &'a str {
        self.outcomes.iter().find(|(known, _)| *known == outcome).map_or(outcome, |(_, word)| word)
    }
}

pub(super) const EN: Words = Words {
    language: "en",
    title: "Chain of custody",
    what_this_is: "This report tells what was collected, by whom, when, under which authority, and what happened to it since. The sealed \
                   original is the evidentiary copy: it is kept unchanged, encrypted, and no single person can open it. The redacted view is \
                   the working copy: personal data in it are replaced by tokens in brackets. Every line of the chain below stands in a log \
                   that can only grow; HOW-TO-VERIFY.txt says how to check that with programs that are not ours.",
    pack: "This pack",
    case: "Case",
    recipient: "Made for",
    reason: "Reason",
    legal_basis: "Legal basis of the disclosure",
    asked_by: "Asked for by, on",
    approved_by: "Approved by",
    made_by: "Made with",
    log: "Log and its number of entries",
    authority: "Under which authority it was collected",
    method: "How it was collected and what was changed",
    method_lines: [
        "Pages were fetched over the Tor network, within the signed authorisation, without logging in unless it says so, without filling in \
         forms and without running scripts.",
        "What came over the wire was sealed at once: request, response headers, body and times together, under a key that only several \
         supervisors together can use. Nothing of it was changed afterwards.",
        "One change was made for the working copy: identifiers of persons were replaced by tokens. derivations.jsonl says for every piece of \
         the view where it stands in the original, so that whoever has the original can repeat the change step by step.",
        "Times are those of the collecting machine's system clock, in UTC. Where a trusted clock was asked, the difference is given.",
        "Over Tor nobody knows a server's network address. None is given, because any would be invented.",
    ],
    rules: "Version of the redaction rules",
    label: "Kind of identifier",
    hidden: "Hidden",
    captures: "Captures in this pack",
    capture_columns: [
        "Exhibit",
        "Capture",
        "Site",
        "Fetched (UTC)",
        "Clock ahead by",
        "HTTP status / bytes",
        "Identifiers hidden",
        "Commitment (SHA-256)",
    ],
    clock_unknown: "not measured",
    chain: "Every act on these captures",
    chain_note: "Each act is announced in the log before it happens and closed after it. The number is the entry's place in the log.",
    chain_columns: ["Entry", "Time", "Act", "Who", "Capture", "Why"],
    before: " (announced)",
    erased: "(record erased; its commitment stays)",
    copies: "Originals in this pack",
    copy_columns: ["Capture", "File", "Encrypted for", "SHA-256"],
    no_copies: "None. This pack has redacted views only.",
    gaps: "What is missing, and why",
    never: [
        "No picture of a whole page: pages are not rendered. What was received is kept; what a browser would have drawn is not.",
        "No images, sound or video: they are never fetched, shown or indexed.",
    ],
    cut_columns: ["Capture", "Not whole because of"],
    none_cut: "Every capture in this pack is whole.",
    gap_columns: ["Site", "What was not collected", "How many"],
    no_gaps: "No link was refused and no page was given up in this case.",
    unused: "Captures of the case that are not in this pack",
    unused_note: "The defence may ask for them by these numbers.",
    none_unused: "None: the pack has every capture of the case that has not been erased.",
    limits: "What this pack does not prove",
    limit_lines: [
        "It does not prove who wrote a page, nor that what a page says is true.",
        "It does not prove that a page was shown in the same way to anybody else, or at any other time.",
        "The redactor can overlook an identifier and can hide what is none. Its measured error rates belong to the version of the rules named \
         above and stand in the model card of that version.",
        "Equal tokens mean that the same value was found under the same rules. Different tokens do not mean different persons.",
    ],
    acts: &[
        ("collect", "collection"),
        ("alter", "alteration"),
        ("consult", "search"),
        ("disclose", "disclosure"),
        ("combine", "search by shared identifier"),
        ("erase", "erasure"),
        ("erase-confirm", "erasure confirmed"),
        ("refuse", "refusal"),
        ("authorise", "authorisation registered"),
        ("revoke", "authorisation revoked"),
        ("case", "case"),
        ("unseal-request", "request to open the original"),
        ("unseal-grant", "approval to open the original"),
        ("unseal-deny", "denial to open the original"),
        ("unseal-share", "share given"),
        ("unseal-open", "original opened"),
        ("unseal-close", "original closed"),
        ("unseal-withdraw", "request withdrawn"),
        ("hold", "legal hold"),
        ("review", "review"),
    ],
    outcomes: [
        ("done", "done"),
        ("refused", "refused"),
        ("failed", "failed"),
        ("unknown", "outcome unknown: the process was killed"),
    ],
};

pub(super) const FR: Words = Words {
    language: "fr",
    title: "Chaîne de conservation",
    what_this_is: "Ce rapport dit ce qui a été recueilli, par qui, quand, en vertu de quelle autorisation, et ce qu’il en est advenu depuis. \
                   L’original scellé est la copie probante : il est conservé sans modification, chiffré, et personne ne peut l’ouvrir seul. La \
                   vue expurgée est la copie de travail : les données personnelles y sont remplacées par des jetons entre crochets. Chaque ligne \
                   de la chaîne ci-dessous figure dans un journal qui ne peut que croître ; HOW-TO-VERIFY.txt dit comment le vérifier avec des \
                   programmes qui ne sont pas les nôtres.",
    pack: "Le présent dossier",
    case: "Affaire",
    recipient: "Destinataire",
    reason: "Motif",
    legal_basis: "Base légale de la communication",
    asked_by: "Demandé par, le",
    approved_by: "Approuvé par",
    made_by: "Établi avec",
    log: "Journal et nombre de ses entrées",
    authority: "En vertu de quelle autorisation",
    method: "Mode de recueil et modifications",
    method_lines: [
        "Les pages ont été obtenues par le réseau Tor, dans les limites de l’autorisation signée, sans connexion à un compte sauf mention \
         contraire, sans remplir de formulaire et sans exécuter de script.",
        "Ce qui a été reçu a été scellé aussitôt : requête, en-têtes de réponse, contenu et heures ensemble, sous une clé que seuls plusieurs \
         responsables peuvent utiliser ensemble. Rien n’en a été modifié ensuite.",
        "Une seule modification a été faite pour la copie de travail : les identifiants de personnes ont été remplacés par des jetons. \
         derivations.jsonl dit pour chaque morceau de la vue où il se trouve dans l’original, de sorte que quiconque détient l’original peut \
         refaire la modification pas à pas.",
        "Les heures sont celles de l’horloge système de la machine de recueil, en UTC. Si une horloge de confiance a été consultée, l’écart est \
         indiqué.",
        "Par Tor, nul ne connaît l’adresse réseau d’un serveur. Aucune n’est donnée, car elle serait inventée.",
    ],
    rules: "Version des règles d’expurgation",
    label: "Type d’identifiant",
    hidden: "Masqués",
    captures: "Captures de ce dossier",
    capture_columns: [
        "Pièce",
        "Capture",
        "Site",
        "Obtenue (UTC)",
        "Avance de l’horloge",
        "Statut HTTP / octets",
        "Identifiants masqués",
        "Engagement (SHA-256)",
    ],
    clock_unknown: "non mesurée",
    chain: "Tous les actes sur ces captures",
    chain_note: "Chaque acte est annoncé dans le journal avant d’avoir lieu et clos après. Le numéro est la place de l’entrée dans le journal.",
    chain_columns: ["Entrée", "Heure", "Acte", "Qui", "Capture", "Pourquoi"],
    before: " (annonce)",
    erased: "(relevé effacé ; son engagement demeure)",
    copies: "Originaux de ce dossier",
    copy_columns: ["Capture", "Fichier", "Chiffré pour", "SHA-256"],
    no_copies: "Aucun. Ce dossier ne contient que des vues expurgées.",
    gaps: "Ce qui manque, et pourquoi",
    never: [
        "Pas d’image de la page entière : les pages ne sont pas affichées. Ce qui a été reçu est conservé ; ce qu’un navigateur en aurait \
         montré ne l’est pas.",
        "Ni images, ni son, ni vidéo : ils ne sont jamais demandés, montrés ou indexés.",
    ],
    cut_columns: ["Capture", "Incomplète à cause de"],
    none_cut: "Toutes les captures de ce dossier sont entières.",
    gap_columns: ["Site", "Ce qui n’a pas été recueilli", "Nombre"],
    no_gaps: "Aucun lien n’a été refusé et aucune page abandonnée dans cette affaire.",
    unused: "Captures de l’affaire qui ne sont pas dans ce dossier",
    unused_note: "La défense peut les demander sous ces numéros.",
    none_unused: "Aucune : le dossier contient toutes les captures de l’affaire qui n’ont pas été effacées.",
    limits: "Ce que ce dossier ne prouve pas",
    limit_lines: [
        "Il ne prouve ni qui a écrit une page, ni que ce qu’elle dit est vrai.",
        "Il ne prouve pas qu’une page ait été montrée de la même manière à quelqu’un d’autre, ou à un autre moment.",
        "L’expurgation peut manquer un identifiant et peut masquer ce qui n’en est pas un. Ses taux d’erreur mesurés appartiennent à la version \
         des règles nommée ci-dessus et figurent dans la fiche du modèle de cette version.",
        "Des jetons égaux signifient que la même valeur a été trouvée sous les mêmes règles. Des jetons différents ne signifient pas des \
         personnes différentes.",
    ],
    acts: &[
        ("collect", "recueil"),
        ("alter", "modification"),
        ("consult", "consultation"),
        ("disclose", "communication"),
        ("combine", "recherche par identifiant commun"),
        ("erase", "effacement"),
        ("erase-confirm", "effacement confirmé"),
        ("refuse", "refus"),
        ("authorise", "autorisation enregistrée"),
        ("revoke", "autorisation révoquée"),
        ("case", "affaire"),
        ("unseal-request", "demande d’ouverture de l’original"),
        ("unseal-grant", "approbation de l’ouverture"),
        ("unseal-deny", "refus de l’ouverture"),
        ("unseal-share", "part remise"),
        ("unseal-open", "original ouvert"),
        ("unseal-close", "original refermé"),
        ("unseal-withdraw", "demande retirée"),
        ("hold", "conservation ordonnée"),
        ("review", "contrôle"),
    ],
    outcomes: [
        ("done", "fait"),
        ("refused", "refusé"),
        ("failed", "échec"),
        ("unknown", "issue inconnue : le processus a été interrompu"),
    ],
};
