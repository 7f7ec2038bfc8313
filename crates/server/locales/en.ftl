# What the pages say. Every language has the same keys; a test holds them to it.

product = Lanthorn
skip = Skip to the content
menu = Menu
language = Language
language-choose = Choose
footer = What is done here is written into a log that others can check.
sign-out = Sign out
back-home = Back to the start

menu-home = Start
menu-cases = Cases
menu-requests = My requests
menu-queue = Decisions
menu-papers = Authorisations
menu-crawls = Crawls
menu-retention = Retention
menu-log = Log
menu-verify = Verify
menu-patterns = Patterns
menu-help = Help

role-analyst = Analyst
role-supervisor = Supervisor
role-operator = Operator
role-auditor = Auditor

sign-in-title = Sign in
sign-in = Sign in
sign-in-person = Account name
sign-in-passphrase = Passphrase
sign-in-code = Six-digit code
sign-in-code-help = From your authenticator program. Leave it empty the first time.
sign-in-notice = Every attempt is logged. If you cannot sign in, ask a supervisor; nobody needs your passphrase to help you.
sign-in-failed = That did not work: the name, the passphrase or the code is not right. Each code works once; wait for the next one and try again.
sign-in-locked = Too many attempts. Wait { $seconds } seconds and try again.
sign-in-empty = Fill in your account name and your passphrase.

second-factor-title = Set up the second step
second-factor-about = From now on you sign in with your passphrase and a code that a program on your phone or computer shows. Any program for TOTP codes will do.
second-factor-step-1 = Enter this secret in the program. It is shown only now.
second-factor-open = Open it in a program on this device
second-factor-step-2 = Type the six digits that the program shows.
second-factor-confirm = Confirm
second-factor-failed = That code is not right. Check the program's clock and type the digits that it shows now.

home-title = Start
home-about-analyst = You search redacted pages of your cases. Names, numbers and addresses stand there as tokens; the same token always means the same thing within a case.
home-about-supervisor = You decide whether single originals are opened, together with others. You approve in your own client, with your own key.
home-about-operator = You run crawls inside signed authorisations and see how they stand. You see no content.
home-about-auditor = You check the log: who did what, why, and what was refused. You see no originals.
home-queue = { $count ->
    [one] request waits for your decision
   *[other] requests wait for your decision
}
home-requests = { $count ->
    [one] request of yours is open
   *[other] requests of yours are open
}
home-cases = { $count ->
    [one] case you work on
   *[other] cases you work on
}
home-reports = { $count ->
    [one] report of a browser about these pages
   *[other] reports of browsers about these pages
}
home-rules = How it works here
home-rule-redacted = What you see is redacted. The originals are sealed; nobody can open one alone.
home-rule-reason = To read a whole page you say why. Your reason is kept.
home-rule-log = Every step is logged before it happens, and the log can be checked by anybody.
home-rule-two = Nobody grants a request of their own.

help-title = Help
help-keys = Keyboard shortcuts
help-keys-about = Press the key together with your browser's modifier: Alt+Shift in Firefox and Tor Browser, Alt in Chromium and Edge, Control+Option on a Mac.
help-key = Key
help-leads = Leads to
help-search-field = The search field
help-query = The query language
help-typed = Typed
help-finds = Finds
help-q-words = Pages with both words
help-q-phrase = The words next to each other, in this order
help-q-or = Pages with either word
help-q-not = Pages with the first word and without the second
help-q-field = Pages of one site, or of one kind
help-q-range = Pages posted in a stretch of time
help-q-token = Pages with this hidden identifier
help-tokens = Tokens
help-tokens-about = A token such as [PHONE:k7f3a9q2m4xtc] stands for an identifier that was hidden before anything was stored. Tokens cannot be turned back. Each leads to its pivot: every page of the case that has the same identifier, however it was written.

cases-title = Cases
cases-none = You work on no case yet.
cases-none-do = A supervisor opens cases and puts people on them.
case = Case
case-open = Open
case-closed = Closed
case-since = since { $day }

search-title = Search { $case }
search-field = Query
search-button = Search
search-help = Words, "phrases", AND, OR, NOT, field:value and tokens. No names, numbers or addresses: they are refused.
search-help-more = More about queries
search-count = { $count ->
    [one] { $count } capture fits
   *[other] { $count } captures fit
}
search-understood = Understood as
search-none = No page fits.
search-none-do = Take a word away, use OR, or look at how the query was understood.
search-empty = Type words that the pages you look for would use.
search-empty-do = Try a place, a way of speaking or a kind of page, such as kind:ad. Click a token in a hit to see everything that shares it.
untitled = (no title)
facets = Narrow down
facet-site = Site
facet-language = Language
facet-kind = Kind
facet-value = Value
facet-count = Captures
facet-share = Share
pages = Pages of hits
page-before = Earlier hits
page-after = More hits
page-of = Page { $page } of { $pages }
kind-ad = Ad
kind-thread = Thread
kind-other = Other
day = Day
month = Month
token = Token

pivot-title = Pivot on { $token }
pivot-count = { $count } of { $documents } captures of this case have it.
pivot-seen = First seen on { $first }, last seen on { $last }.
pivot-search = Search for it
pivot-none = No capture of this case has this token. Tokens of another case mean nothing here.
pivot-sites = By site
pivot-months = By month
pivot-captures = Captures, newest first
pivot-together = Tokens beside it
pivot-together-count = { $count ->
    [one] { $count } token occurs in the same captures
   *[other] { $count } tokens occur in the same captures
}

capture-title = Capture
capture-name = Title
capture-id = Capture
capture-sealed-at = Collected and sealed
capture-original = Original
capture-original-sealed = Sealed, { $size }
capture-original-erased = Erased: nobody can open it any more
capture-authorisation = Authorisation
capture-commitment = Commitment (SHA-256)
capture-read = Read the redacted page
capture-reason-help = One sentence, without names or numbers. It is kept in the log.
capture-read-button = Show the page
capture-noted = That you read this page, and why, is in the log.
capture-cut = The page is longer than what is shown.
capture-ask = Ask to open the original
reason = Reason

request-form-title = Ask to open an original
request-form-about = Supervisors decide whether this one original may be opened by you. Each of them checks whether it is necessary and proportionate, in their own client.
request-not-enrolled = You have enrolled no key that an answer could be encrypted to. Make one on your own machine and give the file to a supervisor:
request-code = Reason code
request-code-help = A code of your site, such as R1. break-glass waives waiting for an imminent danger to life; it is reviewed afterwards.
request-reason-help = What you expect to find and why nothing milder does. No names, no numbers.
legal-basis = Legal basis
request-hours = Hours until the request ends
request-send = Send the request
request-title = Request { $number }
request-number = Request
request-state = State
request-approvals = Approvals
request-until = Ends
request-asked-by = Asked by
request-break-glass = Breaks the glass: ceilings do not hold for it, and somebody who had no part in it has to review it.
request-open = Open it
request-open-about = Once enough supervisors have approved, open it on your own machine, where your key is:
request-withdraw = Withdraw it
request-withdraw-button = Withdraw the request
requests-title = My requests
requests-none = You have asked for nothing.
requests-none-do = Find a capture, look at the redacted page, and ask from there if only the original helps.
state-waiting = Waits
state-approved = Approved by at least one
state-denied = Denied
state-withdrawn = Withdrawn
state-over = Its time is over
decisions = Decisions
decisions-none = Nobody has decided yet.
decision-approved = approved
decision-denied = denied

queue-title = Decisions
queue-about = Nothing is approved on this page: your approval is a share of a key that only your own client holds. You can deny here.
queue-none = Nothing waits for your decision.
queue-none-do = Requests of analysts appear here as soon as they are made.
queue-approvals = { $count ->
    [one] { $count } approval
   *[other] { $count } approvals
}
queue-decided = Decided or over
decision-around = What else there is to know
decision-of-person = Requests of this person in thirty days
decision-of-capture = Requests for this capture so far
decision-entry = Log entry that announces it
decision-own = This request is your own: somebody else decides.
decision-done = You have decided.
decision-approve = Approve
decision-approve-about = Approve in your own client, which checks the log and the request again:
decision-check-necessary = Is the original needed, or does the redacted page say enough?
decision-check-proportionate = Does what may be found weigh more than what everybody on that page loses?
decision-check-legal = Does the legal basis cover this reason?
decision-deny = Deny
decision-deny-help = The requester reads it. A denial ends the request.
decision-deny-button = Deny the request

papers-title = Authorisations
papers-about = Nothing is collected without one of these in force. They are signed by supervisors on their own machines.
papers-none = No authorisation is registered.
papers-none-do = Write one, have it signed by the supervisors, register it:
paper-standing = Standing
paper-signed = Signed by
paper-until = In force until
paper-kept = Captures are kept for
days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
standing-in-force = In force
standing-revoked = Revoked
standing-over = Its time is over

crawls-title = Crawls
crawls-none = There is no case yet.
crawls-none-do = A supervisor opens one; then an authorisation is registered for it.
crawl-title = Crawl of { $case }
crawl-progress = { $done } pages visited, { $waiting } wait.
crawl-busy = { $count ->
    [0] No host is being asked right now.
    [one] { $count } host is being asked right now.
   *[other] { $count } hosts are being asked right now.
}
crawl-watch = Watch: load this page again every ten seconds
crawl-stop-watching = Stop watching
crawl-none = Nothing of this case has been crawled.
crawl-none-do = A crawl is started on the machine that collects:
crawl-hosts = Hosts
crawl-waiting = Waiting
crawl-done = Visited
crawl-retired = Given up
crawl-refused = Links refused
crawl-bytes = Received
crawl-latency = Latency
crawl-share = Progress
crawl-why = Why is it waiting?
crawl-pause = Pause or resume
crawl-pause-button = Pause this crawl
crawl-resume-button = Resume this crawl
host-ready = Ready
host-snoozed = Rests
host-leased = Is being asked
host-retired = Retired
host-exhausted = Nothing left

retention-title = Retention
retention-about = How many originals each authorisation keeps, and how many have outlived their time.
retention-none = Nothing has been collected.
retention-days = Days
retention-kept = Kept
retention-due = Due
retention-held = On hold
retention-erased = Erased
retention-do = A supervisor erases what is due with

log-title = Log
log-person = Person
log-kind = Kind of act
log-every-kind = Every kind
log-capture = Capture
log-filter = Show
log-refusals = Only refusals
log-wrong = One of the fields cannot be read: a person is written like s.maria, a capture with 32 hexadecimal digits.
log-none = No entry fits.
log-entry = Entry
log-at = At
log-act = Act
log-who = Who
log-says = What the record says
log-erased = The record has been erased; the entry stays.
log-hidden = (encrypted to auditors)
log-older = Older entries
log-queries = What people searched for is encrypted to you. Read it on your own machine with
part-intent = announced
part-outcome = ended
part-note = noted
act-collect = Collected
act-alter = Changed
act-consult = Searched or read
act-disclose = Disclosed
act-combine = Pivoted
act-erase = Erased
act-refuse = Refused
act-sign-in = Signed in
act-sign-in-failed = Sign-in failed
act-sign-out = Signed out
act-unseal-request = Asked to unseal
act-unseal-grant = Approved
act-unseal-deny = Denied
act-unseal-open = Opened
act-unseal-close = Closed
act-log-read = Read the log
act-account = Used an account of a site

verification-title = Verification
verification-good = { $count ->
    [one] The log is whole: { $count } entry, in the signed tree.
   *[other] The log is whole: { $count } entries, each in the signed tree.
}
verification-origin = Log
verification-at = Checked
verification-opened = Records that open their entry
verification-erased = Records that were erased
verification-unsigned = Entries that wait to be signed
verification-open = Acts that were announced and have not ended
verification-witnesses = Witnesses
verification-no-witness = Nobody has cosigned it yet. Supervisors and auditors do so in their own client.
verification-witnessed = { $count ->
    [one] cosigned { $count } entry
   *[other] cosigned { $count } entries
}
verification-bad = The log is not whole.
verification-bad-do = Stop using this installation, keep its folder as it is, and compare it with a witness's copy.
verification-outside = This check runs on the machine it checks. Copy the log and check it elsewhere with

patterns-title = Patterns
patterns-about = What an auditor looks at first. None of these is a finding: somebody has to look at the entries.
patterns-none = Nothing that these rules look for.
patterns-rows = Entries
pattern-reciprocity = They approve each other
pattern-speed = Approved within moments
pattern-same-pair = Nearly always the same supervisor
pattern-refusals = Refused again and again
pattern-night = At night

problem-at = The mistake is at character { $place }.
problem-wait = Try again in { $seconds } seconds.
problem-not-found = There is nothing here
problem-not-found-do = It does not exist, or it belongs to a case you do not work on. Begin from your cases.
problem-signed-out = You are not signed in
problem-signed-out-do = Sign in and go on.
problem-sign-in = Signing in failed
problem-sign-in-do = The name, the passphrase or the code is not right.
problem-locked = Too many attempts to sign in
problem-locked-do = Wait, then try again.
problem-second-factor-first = The second step is not set up
problem-second-factor-first-do = Sign in once with a browser and set it up there.
problem-role = Your role does not do this
problem-role-do = Ask somebody whose role does. That you tried is in the log.
problem-refused = A rule forbids this
problem-refused-do = The rule says what would make it lawful. That you tried is in the log.
problem-form-token = This form is out of date
problem-form-token-do = Go back, load the page again, and send it once more. If you did not send anything, somebody else may have tried to in your name.
problem-too-many = Too many requests
problem-too-many-do = You are faster than this server lets one person be.
problem-host = This is not the address of this server
problem-host-do = Use the address that your site gave you.
problem-deadline = That took too long
problem-deadline-do = Narrow the query down, or take a common word out of a phrase.
problem-unavailable = Not available right now
problem-unavailable-do = Try again in a moment; if it stays so, tell whoever keeps the machine.
problem-failed = Something failed
problem-failed-do = It has been noted. Try again; if it stays so, tell whoever keeps the machine.
problem-no-log = The log cannot be written
problem-no-log-do = What cannot be logged is not done. Tell whoever keeps the machine.
problem-unreadable = This request cannot be read
problem-unreadable-do = Go back and use the form.
problem-too-large = That is too long
problem-too-large-do = Shorten it and try again.
problem-empty-field = A field is empty
problem-empty-field-do = Fill in every field of the form.
problem-long-field = A text is too long
problem-long-field-do = Use one sentence of at most a thousand characters.
problem-hours = The number of hours does not fit
problem-hours-do = Use 1 to 72.
problem-usage = That does not fit
problem-usage-do = Read what was said and change it.
problem-token = That is no token
problem-token-do = A token looks like [PHONE:k7f3a9q2m4xtc]. Click one in a hit.
problem-identifier = This holds an identifier, so it was not used
problem-identifier-do = Names, numbers and addresses are never searched for or stored. Search for the token instead: find one page that has it and click it there. What you typed was kept nowhere; that it was refused is in the log.
problem-query = The query cannot be read
problem-query-do = Mend it and search again.
problem-no-index = Nothing has been indexed for this case yet
problem-no-index-do = Pages appear here once a crawl has collected some.
problem-window = That is too far down
problem-window-do = Nobody reads ten thousand hits: narrow the query down instead.
problem-not-indexed = The redacted page is not in the index
problem-not-indexed-do = It may not have been indexed yet, or a newer capture of the same page has taken its place.
problem-erased = The original has been erased
problem-erased-do = Nobody can open it any more.
problem-not-enrolled = You have enrolled no key
problem-not-enrolled-do = Answers are encrypted to a key of yours; make one and give it to a supervisor.

search-sort = Order
search-why = Why this hit
search-least = At least
sort-best = Best first
sort-newest = Last captured first
sort-oldest = First captured first
sort-newest-posted = Last posted first
sort-oldest-posted = First posted first
sort-cheapest = Lowest price first
sort-dearest = Highest price first
facet-place = Country
facet-board = Board
facet-month = Month
histogram = Over time
first-day = First
last-day = Last
kind-board = Board
kind-ad-list = List of ads
pivot-links = What hangs together with it
pivot-places = By country
capture-alike = Pages that say almost the same

links-title = Links of { $token }
links-about = Two tokens are linked where both stand on the same page. A link is a reason to look, and no finding.
links-depth = Steps
links-nodes = Tokens, nearest first
links-end = Why not followed further
links-end-hub = On so many pages that it links what has nothing to do with each other
links-end-weak = Shared by many: a place, an organisation, a date
links-end-depth = As far as was asked
links-none = No other token stands on the same pages.
links-edges = Links and their reasons
links-from = From
links-to = To
links-together = Together on
links-such = Captures
links-cut = There is more than is shown.
links-wrong = Wrong?
links-remove = Remove
links-remove-title = A link that is wrong
links-why = Why it is wrong
links-removed = Links that somebody found wrong: they stay away until they are put back
links-restore = Put back

groups-title = Groups in { $case }
groups-title-short = Groups
groups-about = Pages that say almost the same, shown as what they have in common, with slots where they differ.
groups-count = { $count } groups of { $captures } captures.
groups-cut = The case has more captures than are compared: some groups may be missing.
groups-mirrors = Sites that repeat another
groups-repeats = Repeats
groups-shared = Captures shared
groups-none = No two captures say almost the same.
groups-one = { $count ->
    [one] { $count } capture
   *[other] { $count } captures
}

schedules = Schedules
schedules-none = This case is crawled when somebody starts it, and by no calendar.
schedule-pattern = Pattern
schedule-pattern-help = Minute, hour, day of the month, month, day of the week: 0 3 * * * is every night at three.
schedule-zone = Time zone
schedule-minutes = Minutes at most
schedule-next = Next
schedule-runs = Runs
schedule-missed = Missed
schedule-by = Made by
schedule-add = Add the schedule
schedule-remove = Remove
problem-minutes = The number of minutes does not fit
problem-minutes-do = Use 1 to 10080, which is a week.

# Working on a case

folders-title = Folders of { $case }
folders-short = Folders
folders-none = There is no folder yet.
folders-none-do = A folder holds captures that belong together. Make one, then put captures into it from their own pages.
folder-title = Folder { $name }
folder-name = Name of the folder
folder-new = A new folder
folder-make = Make the folder
folder-all = All folders
folder-none = Nothing lies in this folder.
folder-none-do = Open a capture and put it here.
folder-take = Take out
folder-put = Folder
folder-put-button = Put it into the folder
folder-added-by = Put here by
folder-added-at = Put here at
made-by = Made by
made-at = Made at
no-identifiers = No names, numbers or addresses: they are refused. Use tokens.

notes-title = Notes on { $case }
notes-short = Notes
notes-none = Nothing has been written down.
notes-none-do = Write down what you see and what you make of it, each said for what it is.
notes-all = All notes of the case
note-about = About
note-about-case = The case as a whole
note-about-help = The word case, a capture’s id, or a token.
note-kind = Kind of statement
note-note = Working note
note-tag = Tag
note-captured = Captured: what a page says
note-derived = Derived: what follows from pages
note-assessed = Assessed: what a person thinks
note-text = Statement
note-founded = What a derived or assessed statement rests on
note-basis = Basis
note-confidence = Confidence
confidence-low = Low
confidence-moderate = Moderate
confidence-high = High
note-until = Holds until
note-expired = no longer holds
note-withdraw = Withdraw
note-new = Write something down
note-new-about = Nobody should take a guess for a fact: an assessment names its basis, how sure you are, and until when it holds.
note-write = Write it down
pivot-notes = Notes about it

alerts-title = Saved searches and alerts of { $case }
alerts-short = Alerts
alerts-none = No search is saved.
alerts-none-do = Save a query to come back to it; as an alert, every new page is held against it.
alerts-all = All saved searches
alert-title = Alert { $name }
alert-on = New pages are held against it
alert-off = Saved only
alert-forget = Forget
alert-new = Save a search
alert-name = Name
alert-check = Hold every new page against it (an alert)
alert-save = Save
alert-none = No page has set it off.
alert-none-do = Pages are held against it as they are indexed, from when it was saved.
alert-matched = Set off at
alert-seen = Seen by
alert-new-page = New
alert-noted = These pages count as seen from now on. That you looked is in the log.
search-save = Save this search

indicators-title = Indicators in { $case }
indicators-short = Indicators
indicators-about = Each rule names words that a published source calls an indicator of trafficking. A flag is about a page, never about a person; there is no score, and a flag means nothing until somebody has looked and said why.
indicators-none = No rule flags a page of this case.
indicators-none-do = The rules are read anew each time this page is opened.
indicator-search = Search all of them
flag-confirmed = Confirmed
flag-dismissed = Dismissed
flag-open = Nobody has looked yet.
flag-decide = Decide
flag-decide-anew = Decide anew
flag-confirm = Confirm the flag
flag-dismiss = Dismiss the flag

problem-about = That is nothing a note can be about
problem-about-do = Write case, a capture’s id, or a token such as [PHONE:k7f3a9q2m4xtc].
problem-day = That is no day
problem-day-do = Write it as year-month-day, such as 2027-05-31.
problem-taken = The case has one of that name
problem-taken-do = Choose another name.
problem-length = A text is empty or too long
problem-length-do = The number says how many characters there may be.
problem-unfounded = This statement does not say what it rests on
problem-unfounded-do = A derived statement needs its basis; an assessed one needs its basis, a confidence and a day until which it holds.

alert-look = { $count ->
    [one] { $count } page is new: show it
   *[other] { $count } pages are new: show them
}
indicator-count = { $count ->
    [one] { $count } page is flagged; the newest are shown
   *[other] { $count } pages are flagged; the newest are shown
}
indicators-silent = { $count ->
    [one] { $count } rule flags nothing here.
   *[other] { $count } rules flag nothing here.
}
notes-about-this = { $count ->
    [one] { $count } note about this capture
   *[other] { $count } notes about this capture
}

home-keys = Sign in with a security key: add one, or see yours
keys-link = Security keys
keys-title = Your security keys
keys-about = A security key signs you in with a touch and its PIN or your finger, at this address and at no other: nobody can lead you to use it elsewhere. Keep two, in different places.
keys-demanded = Your role signs in here with a security key alone; the last one stays.
keys-needed = Add a security key to go on
keys-needed-do = Your role signs in here with a security key. Add one below, then sign in with it. Until then nothing else is open to you.
keys-none = You have no security key yet
keys-none-do = You sign in with your passphrase and a code. With a key you need neither.
key-added = Added
key-used = Last used
key-unused = not yet
key-kind = Kind
key-bound = bound to one device
key-synced = a passkey that its maker can copy to your other devices
key-remove = Remove
key-new = Add a key
key-name = Name of the key
key-name-help = How you tell it from your others, such as “blue, at home”. Others who keep the accounts can read it.
key-add = Add this key
key-needs-scripts = Security keys need scripts, and this browser runs none here or knows no keys. Everything else works without; sign in with your passphrase and a code.
key-waits = Touch your key, and give its PIN or your finger.
key-not-given = The browser gave no key: it was cancelled, took too long, or the key at hand is not one for this page. Try again.
key-elsewhere = Security keys are used at this address:
prove-title = Prove that it is you
prove-about = To add or remove keys. It counts for five minutes.
prove-code-help = A new one: the code that you signed in with is used up.
prove = Prove it
prove-with-key = Or with a key that you have
prove-key = Prove it with a key
sign-in-key-title = With a security key
sign-in-key = Sign in with a security key
sign-in-key-failed = That key was not taken. It may not be registered here, or not any more. That you tried is in the log.
sign-in-key-late = That took too long, or the page was open twice. Try again.
sign-in-key-demanded = Your role signs in here with a security key. If yours is lost, ask another supervisor to take it away.
problem-key = The security key was not taken
problem-key-do = Try again, or with another key. That you tried is in the log.
problem-key-late = The page was open for too long
problem-key-late-do = Or it was open twice. Try again; this page asks anew.
problem-key-demanded = Your role signs in with a security key
problem-key-demanded-do = Use a browser and your key. If it is lost, another supervisor takes it away.
problem-key-first = Add a security key first
problem-key-first-do = Your role signs in here with one. Add it with a browser, under “Security keys”.
problem-key-name = That is no name for a key
problem-key-name-do = Use 1 to 60 characters, and a name that none of your keys has.
problem-key-limit = You have as many keys as there may be
problem-key-limit-do = Remove one first.
problem-last-key = That is your last key
problem-last-key-do = Your role needs one here. Add another first.
