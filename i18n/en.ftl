# Goyo: the words in the window. Short and concrete.
name = Goyo
cancel = Cancel
close = Close

# Dates
date-am = AM
date-pm = PM
date-yesterday = Yesterday
date-months = Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
date-day = { $month } { $day }
date-with-year = { $day } { $year }
date-and-time = { $day }, { $time }
stretch-seconds = { $count } s
stretch-minutes = { $count } min
stretch-hours = { $count } h
stretch-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}

# Sidebar
side-places = Views
place-all = All mail
place-starred = Starred
place-search = Search results
account-local = This computer
folder-inbox = Inbox
folder-sent = Sent
folder-drafts = Drafts
folder-archive = Archive
folder-junk = Junk
folder-trash = Trash
folder-all = All mail

# List
search-hint = Search mail — from: has:attachment
search-hint-short = Search mail
search-count = { $count ->
    [one] { $count } letter
   *[other] { $count } letters
}
search-many = { $count } letters or more
search-none = Nothing found
search-none-hint = Use fewer words, or other ones.
scope-all = Everywhere
scope-only = Only { $name }
scope-account = Only the account { $name }
recent-title = Recent searches
recent-forget = Forget
op-from = Name or address of the sender
op-to = Name or address of a receiver
op-subject = Words in the subject
op-has = Letters with attachments
op-is = Unread, starred and the like
op-in = Where to look
op-label = Letters with this label
op-after = From that day on
op-before = Before that day
op-filename = Name of an attachment
op-cc = Name or address of who had a copy
op-larger = Larger than (10M)
op-smaller = Smaller than (500k)
op-unread = Letters not read
op-flagged = Letters with a star
op-answered = Letters answered
op-read = Letters read
op-forwarded = Letters handed on
op-draft = Letters not finished
op-junk = Letters marked as junk
op-attachment = Letters with attachments
op-today = Today
op-yesterday = Yesterday
op-week = A week ago
op-month = This month
op-year = This year
missing-entry = Find mail that did not come
missing-entry-hint = In junk, trash, every folder and account
missing-title = Find mail that did not come
missing-hint = Looks in junk and trash, in folders you are not subscribed to and in other accounts.
missing-field = Who it is from, or a word of its subject
missing-question = This could not be understood. Write a name or a few words.
missing-junk = Among junk
missing-trash = In the trash
missing-elsewhere = In another folder
missing-inbox = In the inbox already
missing-more = And { $count } more: add a word to narrow it.
missing-none = It is not on this computer
missing-none-hint = It has not come yet, or came with other words.
missing-else = If it is not there
missing-in-step = Everything at the server is here.
missing-offline = No connection: new mail is not known.
missing-coming = Mail is coming in just now.
missing-trouble = Something is wrong: no mail is coming in.
missing-unknown = The server was not asked yet.
missing-ask = Ask all servers now
missing-asked = Ask again
missing-perhaps-address = If the address was mistyped, the sender gets the letter back. Tell them the address again.
missing-perhaps-late = Servers may hold the first letter of somebody new for some tens of minutes.
missing-perhaps-refused = A letter that your mail server refused cannot be seen here; its sender is told why.
query-too-long = The search is too long: use fewer words.
query-too-deep = The search has too many parentheses inside each other.
query-date = ‘{ $typed }’ is not a date: write it as 2026, 2026-11 or 2026-11-21.
query-size = ‘{ $typed }’ is not a size: write it as 500k or 10M.
query-property = ‘{ $typed }’ is not something to search for: try is:unread, is:flagged or has:attachment.
mail-none = No mail yet
mail-none-hint = Bring in mbox files, Maildirs or .eml files with ‘goyo import PATH’ in a terminal.
starred-none = Nothing starred
starred-none-hint = Open a letter and press the star: it will be here.
folder-none = This folder is empty
row-to = To: { $name }
row-nobody = No sender
no-subject = (no subject)

# Before a letter is open
empty-title = Choose a letter to read
empty-hint = Opening a letter tells nobody.
open-coming = Opening the letter
open-failed = This letter cannot be opened
open-too-large = It is larger than the largest letter Goyo reads.
engine-ended = Goyo cannot go on. Please start it again.
obstacle-full = The disk is full: make room and try again.
obstacle-denied = It may not be read or written.
obstacle-missing = It was not found.
obstacle-taken = Something of that name is there already and was not written over.
obstacle-busy = Something else is working on it: try again in a moment.
obstacle-damaged = What is stored is damaged: ‘goyo check’ in a terminal tells more.
obstacle-other = The system says: { $detail }

# Tools
tool-star = Star
tool-unread = Mark unread
tool-find = Find
tool-header = Header
tool-source = Source
tool-charset = Charset
tool-save-letter = Save the letter (.eml)
tool-print = Print as PDF
tool-save-letter-as = Save the letter as…
tool-print-as = Print as PDF to…
tool-save-attached-as = Save attachments to…
tool-leave = Unsubscribe
tool-block = Block this sender
tool-unblock = Stop blocking this sender
leave-tip = Shows first how it is done
leave-title = Unsubscribe from this list?
leave-unproven = It is not proven who sent this, or it lies among junk. Unsubscribing may tell the sender that somebody reads mail at this address.
leave-mail = By a letter
leave-mail-hint = A letter to { $to } is written for you. You can read and change it before it goes.
leave-mail-write = Draft it
leave-page = On a web page
leave-page-hint = A page of { $site } opens in the browser. Its address may carry a mark of yours: then whoever runs it sees who opened it.
leave-page-see = Look at the link
leave-one-click = The letter also offers a request that unsubscribes at once. Goyo never sends it by itself.
leave-block = Block instead
block-title = Block ‘{ $whom }’?
block-pictures = Remote pictures of this sender are always refused. Those shown this time are hidden again.
block-arrives = Their mail still arrives: new letters come to the inbox as before.
block-list = It can be taken back at any time in the list ‘Trusted and blocked’.
block-only = Block
block-junk = Block, and this letter to junk
notice-blocked = Pictures of { $whom } are always refused from now on.
notice-saved-all = { $count ->
    [one] One attachment was saved: { $path }
   *[other] { $count } attachments were saved: { $path }
}
letter-link = Open link…
letter-copy = Copy
letter-all = Select all
tool-alone = Show this letter alone
tool-stacked = Show the whole conversation
thread-of = { $count } letters
thread-me = Me
fold-switch = Group conversations
fold-unfold = Unfold the conversation
fold-fold = Fold the conversation
fold-all = { $count } letters
fold-all-hint = Archive, delete and mark apply to all { $count } letters of the conversation in this folder
thread-open = Open
thread-before = { $count } earlier letters
thread-after = { $count } later letters
thread-fold = Fold
thread-between = { $count } letters in between
thread-open-all = Open several
thread-fold-all = Fold all
charset-own = As the letter says
find-hint = Find in this letter
find-none = None
find-on = Next match
find-back = Previous match
fold-show = … { $count } lines quoted
fold-hide = Fold the quotation

# Head
to-me = To me
to-me-and = { $count ->
    [one] To me and { $count } other
   *[other] To me and { $count } others
}
to-one = To { $name }
to-several = { $count ->
    [one] To { $name } and { $count } other
   *[other] To { $name } and { $count } others
}
route-count = { $count ->
    [one] { $count } stop
   *[other] { $count } stops
}
route-encrypted = encrypted all the way
route-open = { $count ->
    [one] { $count } step not encrypted
   *[other] { $count } steps not encrypted
}
badge-proved = Sender’s domain proved · { $domain }
badge-failed = Sender’s domain check failed
badge-unknown = Sender’s domain cannot be checked
badge-odd = { $count ->
    [one] { $count } thing to look at
   *[other] { $count } things to look at
}

# Privacy bar
bar-blocked = { $count ->
    [one] Stopped { $count } remote picture.
   *[other] Stopped { $count } remote pictures.
}
bar-blocked-trackers = { $count ->
    [one] Stopped { $count } remote picture.
   *[other] Stopped { $count } remote pictures.
} { $trackers ->
    [one] { $trackers } of them is there to track.
   *[other] { $trackers } of them are there to track.
}
bar-blocked-only-trackers = { $count ->
    [one] Stopped { $count } remote picture. It is there to track.
   *[other] Stopped { $count } remote pictures. All of them are there to track.
}
bar-blocked-others = { $count ->
    [one] Stopped { $count } request to the outside.
   *[other] Stopped { $count } requests to the outside.
}
bar-fetching = Fetching the pictures you allowed.
bar-shown = { $count ->
    [one] Showing the { $count } picture you allowed.
   *[other] Showing the { $count } pictures you allowed.
}
bar-shown-trackers = { $count ->
    [one] Showing the { $count } picture you allowed.
   *[other] Showing the { $count } pictures you allowed.
} { $trackers ->
    [one] { $trackers } tracker stays stopped.
   *[other] { $trackers } trackers stay stopped.
}
bar-not-shown = { $count ->
    [one] The picture you allowed could not be shown.
   *[other] The { $count } pictures you allowed could not be shown.
}
bar-hidden = { $count ->
    [one] Hiding { $count } remote picture.
   *[other] Hiding { $count } remote pictures.
} { $told ->
    [one] { $told } of them was fetched before.
   *[other] { $told } of them were fetched before.
}
bar-hidden-all = { $count ->
    [one] Hiding { $count } remote picture. It was fetched before.
   *[other] Hiding { $count } remote pictures. All of them were fetched before.
}
bar-encrypted = Pictures of encrypted letters are never fetched.
bar-could = { $count ->
    [one] Fetching it may tell the picture server when you opened this, and roughly where.
   *[other] Fetching them may tell the picture server when you opened this, and roughly where.
}
bar-could-sender = { $count ->
    [one] Fetching it would have told the sender when you opened this, and roughly where.
   *[other] Fetching them would have told the sender when you opened this, and roughly where.
}
bar-could-service = { $count ->
    [one] Fetching it would have told { $services } when you opened this, and roughly where.
   *[other] Fetching them would have told { $services } when you opened this, and roughly where.
}
bar-told = { $hosts } can know when you opened this, and roughly where.
bar-told-before = Asked before: { $hosts } can know when you opened this, and roughly where.
bar-nobody = No server was reached: nobody learned that you opened this.
bar-unproven = You allowed this sender, but nothing proves that the letter is theirs: the rule was not used.
bar-rule = You chose to always show pictures from { $whom }.
bar-never-at-all = Your settings say that pictures from outside are never fetched.
bar-settings = Show settings
bar-never = You never want pictures of this sender.
bar-once = Show pictures once
bar-always = This sender
bar-take-back = Take back
bar-unnever = Stop always blocking
bar-details = Details
rules-title = Trusted and blocked
rules-hint = { $count ->
    [0] No lasting decisions
    [one] 1 lasting decision
   *[other] { $count } lasting decisions
}
rules-none = Nothing decided for good yet.
rules-none-hint = When you choose to always show or never show somebody’s pictures, it is listed here and can be taken back.
rules-sender = Always shown
rules-domain = Always shown, everybody there
rules-never = Never shown
rules-proof = only if { $domain } is proved
rules-made = Decided { $day }
rules-made-on = Decided { $day }, on “{ $letter }”
rules-no-proof = made without proof of the sender
rules-forget = Take back
trust-sender = Always show for this sender
trust-domain = Always show for all of { $domain }
trust-domain-hint = Every letter from this domain and below it
trust-no-proof = Nothing proves who sent this letter. A rule made of it also holds for letters that only pretend to be from this sender.
trust-never = Never show for this sender
trust-never-hint = Hides what is shown now as well
names-and-more = { $names } and { $count } more
receipt-mdn = { $who } asks to be told that you read this. Nothing was told.
receipt-mdn-somebody = The sender asks to be told that you read this. Nothing was told.
receipt-several = Asks that several addresses be told that you read this: that cannot be answered. Nothing was told.
receipt-no-address = What asks to be told that you read this is no address: that cannot be answered. Nothing was told.
receipt-pixel = Carries a read receipt of { $who }. Nothing was told.
receipt-told = The read receipt of { $who } was fetched: the sender can know that you read this.
receipt-once = Tell this time
receipt-somebody = The sender
fallback-died = Something went wrong while this letter was drawn, so it is shown as text.
fallback-too-long = This letter took too long to draw, so it is shown as text.
fallback-too-large = This letter is too large to draw, so it is shown as text.
fallback-no-worker = The drawing process could not be started, so this letter is shown as text.
fallback-other-version = Goyo was replaced by another version while it ran, so this letter is shown as text. Please start it again.

# Attachments
attachment-unnamed = Unnamed attachment
attachment-more = and { $count } more
attachment-save = Save all the same
attachment-save-all = Save all
attachment-save-as = Save elsewhere…
attachment-tip = Click to save, right-click to choose where
choose-save-attachment = Save the attachment
attachment-all = Save all { $count } attachments?
attachment-hint = It is saved into your download folder, not opened.
people-from = From
people-to = To
people-cc = Cc
people-more = and { $count } more
people-unfold = Show everybody named
people-fold = Fold the names
people-copy = Copy the address
people-write = Write to this address
people-search = Find letters from this address
preview-look = Look at it
preview-save = Save
preview-coming = Loading…
preview-failed = This file cannot be shown here. Save it to look at it.
preview-no-picture = This picture cannot be shown here. Save it to look at it.
preview-hint = Shown on this computer alone: nothing is asked from outside.
preview-before = Previous attachment
preview-next = Next attachment
preview-within = This letter was attached to another
preview-back = Back to that letter
attachment-disguised = Its name is written so that it looks like another one.
attachment-program-disguised = It is a program that looks like a document by its name.
attachment-program = It is a program, or something that starts one.
attachment-macros = It may run macros when it is opened.
attachment-reports = Opened in another program, it may report that it was opened.

# Ledger
ledger-title = What this letter asked for
ledger-hint = { $refused } refused · { $allowed } allowed · { $made } really made
ledger-allow = Allow once
ledger-requests = Requests really made
ledger-requests-hint = Whatever left this computer for this letter stands here.
ledger-none = No request was made
ledger-would = Would have learned: { $what }
ledger-told = Has learned: { $what }
learned-reader = who read it
learned-time = when
learned-place = roughly where
learned-how-long = for how long
learned-elsewhere = who you are on other sites
verdict-refuse = Refused
verdict-allow = Allowed
tracker-service = { $service } tracker
tracker-invisible = Tracking picture nobody can see
tracker-token = An address made for you alone
visible-no = cannot be seen
reason-default = never allowed
reason-tracker = trackers stay refused
reason-not-a-picture = not a picture
reason-address = an address that is never fetched
reason-encrypted = encrypted letter
reason-never-at-all = switched off in the settings
reason-never = sender is always blocked
reason-unproven = sender not proved
reason-once = allowed once
reason-sender = sender allowed
reason-domain = domain allowed
reason-by-hand = allowed by hand
answer-redirect = Sent on
answer-stopped = Not followed
answer-circle = sent on too often
answer-unreached = Not reached
answer-unknown = Answer not known
answer-failed = Failed
failing-address = no address that pictures are fetched from
failing-name = the name is not known
failing-private = inside a private network, not asked
failing-connection = no connection
failing-no-answer = no connection in time
failing-unsafe = the connection was not safe
failing-no-roots = this system has no list of certificate authorities
failing-proxy = the proxy did not let it through
failing-garbled = the answer could not be understood
failing-too-slow = too slow, given up
failing-too-large = larger than a picture may be
failing-together = the letter’s pictures are too large together
failing-taken-back = taken back while it was under way
failing-packed = compressed although nobody asked for that

# Header
header-title = Header and journey
header-hint = What the letter says of itself, and what that means
header-odd = To look at
header-proof = Proof of the sender’s domain
header-route = The way it came
header-recipients = Recipients
header-message = Message
header-transport = Transport
header-content = Content
header-parts = What it is made of
hop-unknown = unnamed server
hop-delay = after { $stretch }
hop-back = clocks disagree
hop-encrypted = Received encrypted
hop-open = Received without encryption
hop-tls-unknown = Not known whether it was encrypted
proof-none = Cannot be checked: no server left word of how the sender proved itself.
proof-foreign = Cannot be checked: what stands below was not written by your own mail server.
proof-server = What your own mail server found.
proof-says = says { $server }
source-title = Source of the letter
source-coming = Reading the source

# Links
link-title = Open this link?
link-open = Open in browser
link-open-whole = Open as written
link-copy = Copy address
link-hint = Opening it can tell the sender that you clicked.
link-never = Such an address is never opened.
link-unwrapped = Goes straight there, around the address that counts clicks.
link-cleaned = Marks that only track were taken off.
link-another-host = The text “{ $text }” names another place than where it leads.
link-punycode = Its domain is written in another script: it may only look familiar.
link-mixed = It mixes scripts so as to look like another domain.
link-plain = It is not encrypted: others on the way can see it.
link-ip = It is a number, without a name.
link-credentials = A name or a password stands before the address.
link-script = It is a script.
link-data = It holds a document in itself.
link-file = It points to a file of this computer or its network.
link-short = It is shortened: nobody can see where it leads.
link-opaque = Only a mailing service knows where it leads, and it learns who clicked.

# Notices and status
notice-saved = Saved: { $path }
notice-printed-text = Only its text could be printed: { $path }
notice-printed-cut = It is too long; only its beginning was printed: { $path }
notice-printed-text-cut = Only the beginning of its text was printed: { $path }
notice-not-saved = ‘{ $name }’ could not be saved: { $why }
notice-copied = Copied
undone-no-sender = This letter does not name one sender, so there is nobody to make a rule of.
undone-no-file = This part of the letter holds no file.
undone-too-large-to-print = It is too large to be printed.
undone-unwritten = A font or a picture of it cannot be put into a PDF. Saved as a file (.eml) it can be opened elsewhere.
undone-not-printed = It could not be printed. Saved as a file (.eml) it can be opened elsewhere.
undone-store = The mail store could not be read or written. { $why }
undone-not-asked = A request could not be written down first, so it was not made. { $why }
undone-not-kept = What came of a request could not be written down. { $why }
undone-too-many = Of one letter only { $most } pictures are fetched; { $left } more were not asked for.
undone-too-long = { $left ->
    [one] Fetching pictures takes too long: { $left } was not asked for.
   *[other] Fetching pictures takes too long: { $left } were not asked for.
}
undone-proxy = ‘{ $address }’ is no proxy, so nothing was asked for.
undone-thread = The system could not start anything new. { $why }
undone-browser = The browser could not be opened. { $why }
undone-no-account = There is no account to write from. Add one first.
undone-no-request = This letter asks for no receipt that could be answered.
undone-other-asker = Another address would be told than the one you were shown, so nobody was. Open the letter again.
letter-address = ‘{ $what }’ is no address a letter can go to. It should look like name@example.com.
letter-no-recipient = Nobody would get this letter. Add somebody in To, Cc or Bcc.
letter-receipt-server = The receipt server ‘{ $what }’ is no https address. Correct it in the settings.
outbox-no-draft = This draft is not there any more.
outbox-given = This letter waits to be sent and cannot be changed. Take it back first.
outbox-changed = The letter was changed just now. Send it again.
outbox-too-much = The files are larger together than any server takes. Share them in another way.
outbox-too-late = This letter cannot be taken back: the server has it, or may have it.
outbox-nothing = Nothing of this letter is left to send.
outbox-still-writing = Drafts of this account are not on its server yet. Send them, delete them, or wait until they are synced.
outbox-still-sending = Letters of this account are not sent yet. Send them or take them back first.
outbox-no-letter = This letter is not in the outbox any more.
taken-back = Taken back: { $why }
act-no-folder = This folder is not there any more.
act-folder-exists = There is a folder ‘{ $name }’ already.
act-folder-name = ‘{ $name }’ cannot be the name of a folder.
act-folder-needed = ‘{ $name }’ cannot be renamed or removed: mail programs and the server rely on it.
act-folder-has-folders = ‘{ $name }’ has folders in it. Remove those first.
act-no-letters = ‘{ $name }’ holds folders only, no letters.
act-not-here = All of this letter is not here yet. Open it once, then try again.
act-still-moving = This letter is still being moved on the server. Try again when that is done.
act-cannot-undo = This cannot be taken back any more.
passed-vanished = It was deleted in Goyo while it was being imported. Import it again to have it back.
undone-put-off = This stopped on the way. { $why } The rest will be done when Goyo is opened again.
undone-deleting-stopped = Deleting stopped on the way. { $why } Letters not deleted yet are still there.
undone-deleting-broken-off = Goyo did not go on deleting where it broke off last time. The letters left are still there.
undone-account-stays = The account was not removed, because something asked for before was not done.
act-in-part = { $why } { $left ->
        [one] One letter that was done before could
       *[other] { $left } letters that were done before could
    } not be brought back to where { $left ->
        [one] it was
       *[other] they were
    }.
back-refused = the server refused (‘{ $words }’).
back-full = there is no room left on the server (‘{ $words }’).
back-no-labels = the server does not keep this label.
back-no-folder = the folder is not on the server any more.
back-renumbered = the server has renumbered this folder, and the letter was not found in it.
back-no-numbers = this server numbers its letters anew each time, so Goyo cannot change them there.
back-left-behind = the letters were copied but could not be taken out of their folder (‘{ $words }’). They are in both folders now.
back-not-empty = there are letters in the folder that are not here yet.
back-no-levels = this server has no folders in folders.
back-separator = on this server a folder’s name cannot have ‘{ $words }’ in it.
back-undone = it was undone.
status-mail = { $count ->
    [one] { $count } letter on this computer
   *[other] { $count } letters on this computer
}
status-requests = Requests made since this was opened:
status-count = { $count }

# Demo
demo-name = Sample mailbox · all of it is removed when you close the window
demo-count = { $count ->
    [one] The tracker got { $count } request
   *[other] The tracker got { $count } requests
}
demo-quiet = So far nobody knows anything.
demo-told = Only what you allowed was told.
demo-pixel = { $time } A tracking pixel of ‘{ $letter }’ was fetched. The tracker learned: { $what }
demo-picture = { $time } { $count ->
    [one] { $count } picture
   *[other] { $count } pictures
} of ‘{ $letter }’ fetched. Learned: { $what }
demo-other = { $time } An unknown request came from ‘{ $letter }’.

# Services
service-naver = Naver
service-kakao-daum = Kakao (Daum)
service-11st = 11st
service-stibee = Stibee
service-amazon-ses = Amazon SES

# To look at
warning-no-from = It names no author.
warning-several-authors = It names several authors.
warning-from-malformed = Its author is no address.
warning-return-path-differs = Failures go to another domain than the author’s.
warning-sender-differs = Somebody else than the author handed it in.
warning-reply-to-elsewhere = Answers go to another address than the author’s.
warning-noreply = Answers will probably not be read.
warning-name-is-an-address = Another address stands where the name should be.
warning-message-id-missing = It has no Message-ID.
warning-message-id-reused = A different letter has the same Message-ID.
warning-message-id-malformed = Its Message-ID is malformed.
warning-message-id-foreign = Its Message-ID is of another domain.
warning-date-missing = It has no date.
warning-date-malformed = Its date cannot be read.
warning-date-absurd = Its date cannot be true.
warning-date-after-arrival = It is dated after its own arrival.
warning-route-broken = Its way does not join up.
warning-route-back-in-time = Its way goes back in time.
warning-not-addressed-to-you = Your address is in neither To nor Cc: it came as a hidden copy or through a list.
warning-delivered-elsewhere = It was delivered to another address than those it names.
warning-field-repeated = A field that may stand there once stands there several times.
warning-html-too-large = It is so large that only its beginning was looked through.
warning-list-cut = It refers to so many places that not all are listed; nothing is fetched from the others.
warning-not-listed = Looking through it took too long: what it refers to is not listed, and nothing is fetched for it.
warning-empty = The letter is empty.
warning-no-header = It has no header; all of it is shown as its text.
warning-no-separator = The empty line between header and body is missing: the body was taken to begin at the first line that is no header.
warning-header-junk = Its header holds lines that are no fields; they were skipped.
warning-too-many-fields = Its header has so many fields that not all are shown.
warning-long-header = Its header is so long that not all of it is shown.
warning-no-content = It has nothing to show.
warning-too-many-parts = It has so many parts that the last ones are not shown.
warning-nested-too-deep = Letters inside it are nested so deep that they are shown as source.
warning-no-boundary = It does not say where its parts end; they are shown as text.
warning-boundary-not-found = The boundary it names never comes; its parts are shown as text.
warning-unclosed-boundary = The closing boundary of its parts is missing; they were read as far as they seem to go.
warning-unknown-transfer-encoding = A part is encoded in an unknown way and shown as it came.
warning-bad-transfer-encoding = The encoding of a part is damaged; what could be read is shown.

# When an account does not work
trouble-no-server = No server to read mail from is set.
trouble-name = There is no server called ‘{ $host }’. Check the name and your connection.
trouble-connect = Port { $port } of { $host } cannot be reached. Check your connection and the port.
trouble-proxy = The proxy did not connect. Check its address.
trouble-timed-out = { $host } did not answer in time. Try again in a moment.
trouble-lost = The connection to { $host } was lost. Try again in a moment.
trouble-tls = No encrypted connection to { $host } could be made. Check that port and protection belong together: 993 is TLS, 143 is STARTTLS.
trouble-certificate = Nobody vouches for the certificate of { $host }. The password was not sent. Trust this certificate only if the server’s administrator confirms this fingerprint.
trouble-fingerprint = Fingerprint (SHA-256): { $sha256 }
trouble-no-encryption = { $host } offers no encryption on port { $port }. The password was not sent. Try port 993 (TLS).
trouble-interfered = Somebody interfered with the change to an encrypted connection. The password was not sent. Try again from another network.
trouble-no-login = { $host } offers no way to log in that Goyo uses.
trouble-refused = { $host } refused the login.
trouble-unwilling = { $host } will not go on just now. Try again in a moment.
trouble-not-imap = What answers on port { $port } of { $host } is no IMAP server. Check the name and the port.
trouble-not-smtp = What answers on port { $port } of { $host } is no server for sending mail. Check the name and the port.
trouble-sending = Mail can be read, but not sent.
trouble-tls-sending = No encrypted connection to { $host } could be made. Check that port and protection belong together: 465 is TLS, 587 is STARTTLS.
trouble-no-encryption-sending = { $host } offers no encryption on port { $port }. The password was not sent. Try port 465 (TLS).
trouble-no-password = No password is kept for this account. Enter it again.
trouble-secrets = The passwords that are kept cannot be opened.
trouble-name-taken = There is an account of this name already.
trouble-bad-name = The name of an account cannot hold a slash.
trouble-gone = This account is not there any more.
trouble-no-address = This is not a mail address: { $address }
trouble-address-twice = This address is there already: { $address }
trouble-days = Say how many days, from 1 to 36500.
trouble-not-proxy = This is not a proxy. Write socks5://server:port or http://server:port.
trouble-proxy-password = The password of a proxy cannot be kept safely yet. Use a proxy that asks for none.
trouble-store = The account could not be kept.
trouble-sign-in = { $provider } cannot be read with a password: it needs a sign-in on the web, which Goyo does not have yet.
trouble-pop3 = { $provider } offers POP3 and no IMAP. Goyo does not fetch by POP3 yet.
trouble-bridge = { $provider } can be read while Proton Mail Bridge runs. Enter the server and the password that Bridge shows.
trouble-own-program = { $provider } can be read with its own program only.
trouble-said = The server said: “{ $said }”
trouble-detail = Details: { $said }
advice-switch-on = Switch IMAP on in the webmail of { $provider } first (settings, IMAP/SMTP).
advice-switch-on-somewhere = Switch IMAP on in the webmail first.
advice-switch-on-sending = Sending by SMTP may be switched off: look in the webmail of { $provider } (settings, IMAP/SMTP).
advice-switch-on-sending-somewhere = Sending by SMTP may be switched off: look in the settings of the webmail.
advice-app-password = It wants an app password, not your usual one: make one in the security settings of your { $provider } account, with two-step login switched on.
advice-app-password-somewhere = It wants an app password, not your usual one: make one in the security settings of your account.
advice-app-password-two-step = If you log in to { $provider } in two steps, make an app password and use that.
advice-check-password = Check the user name and the password.
# Adding an account
account-title = Welcome to Goyo
account-title-more = Add an account
account-hint = Your computer talks to the mail server directly. Passwords stay on it.
account-sender = Name
account-sender-hint = The name people will see
account-address = Email address
account-address-hint = name@example.com
account-password = Password
account-password-show = Show the password
account-password-hide = Hide the password
account-user = User name
account-imap = Incoming server (IMAP)
account-anyway = Add it anyway
account-smtp = Outgoing server (SMTP)
account-port = Port
account-plain = No encryption
account-plain-warning = Password and mail can be read on the way. Only for this computer, or a connection you trust.
account-found = Found the settings of { $provider }.
account-guessed = A guess at the servers: { $servers }. If they are others, set them by hand.
account-asking = Looking for where the mail of this domain lies…
account-finding = Looking…
account-named = The domain names these servers: { $servers }.
account-elsewhere = The domain names servers that lie elsewhere: { $servers }. Make sure that you know them; your password has not been sent yet.
account-connect-there = Connect there
account-unsure = These settings may have changed. If they do not work, set them by hand.
account-switch-on = Switch IMAP on in the webmail’s settings first.
account-app-password = Enter an app password instead of your usual one.
account-app-password-two-step = If you log in in two steps, enter an app password.
account-by-hand = Set by hand
account-automatic = Automatic
account-cancel = Cancel
account-leave = Close
account-connect = Connect
account-connecting = Connecting…
account-trust = Trust this certificate and try again
account-demo = Open the sample mailbox
account-demo-hint = Look around without an account
account-missing-address = Enter your email address.
account-missing-password = Enter your password.
account-missing-user = Enter the user name.
account-missing-host = Enter the name of the server.
account-missing-port = A port is a number from 1 to 65535.

# Sync
sync-connecting = Connecting to the mail server…
sync-folder = Looking at { $folder }…
sync-receiving = Receiving { $folder }: { $done } of { $all }
sync-left-moment = almost done
sync-left-minutes = about { $minutes } min left
sync-left-hours = about { $hours } h left
sync-nearly-full = The mailbox at the server is nearly full: { $used } of { $allowed }
sync-in-step = Everything is in step
sync-offline = Offline. Mail comes as soon as there is a connection.
sync-server-says = The mail server says: “{ $words }”
sync-trouble = Something was not synced: { $why }
notify-new = { $count ->
    [one] One new message
   *[other] { $count } new messages
}
notify-hidden = New mail has come
notify-shown = Sender and subject
notify-not-shown = Only that it has come

# What is done with letters
tool-archive = Archive
tool-delete = Delete
tool-delete-hint = To the trash
tool-delete-for-good = Delete for good
tool-junk = Junk
tool-not-junk = Not junk
tool-move = Move to a folder
tool-label = Label
label-title = Which label?
label-hint = Name of the label
label-none = A label needs a name.
label-too-long = That name is too long for a label. Servers keep short ones only.
label-new = New label “{ $name }”
label-keys = ↑ ↓ choose · Enter adds or removes · Esc closes
label-seek = Letters with this label
label-1 = Important
label-2 = Work
label-3 = Personal
label-4 = To do
label-5 = Later
tool-read = Mark as read
tool-unstar = Remove the star
tool-more = More
account-menu = Menu of the account
undo = Undo
did-read = Marked as read.
did-unread = Marked as unread.
did-star = Starred.
did-label = Label added.
did-unlabel = Label removed.
did-unstar = Star removed.
did-archive = Archived.
did-resumed = { $count ->
    [one] What was broken off last time is done now (1 letter).
   *[other] What was broken off last time is done now ({ $count } letters).
}
did-resumed-folder = What was broken off with a folder last time is done now.
did-delete = Moved to the trash.
did-delete-for-good = Deleted for good.
did-junk = Moved to junk.
did-not-junk = Moved to the inbox.
did-move = Moved to “{ $folder }”.
did-all-read = { $count ->
    [one] 1 letter marked as read.
   *[other] { $count } letters marked as read.
}
did-empty-trash = { $count ->
    [one] 1 letter deleted for good.
   *[other] { $count } letters deleted for good.
}
notice-undone = Taken back.
notice-undone-in-part = { $left ->
    [one] Taken back, but one letter did not come back: it is gone for good or has gone on since.
   *[other] Taken back, but { $left } letters did not come back: they are gone for good or have gone on since.
}
all-read = Mark all read
empty-trash = Empty trash
move-title = Move it where?
move-hint = Name of the folder
move-none = There is no such folder.
move-keys = ↑ ↓ choose · Enter moves · Esc closes
ask-delete = Delete this letter for good?
ask-delete-hint = It goes from the server as well. This cannot be undone.
ask-delete-hint-local = This cannot be undone.
ask-delete-yes = Delete for good
ask-trash = Empty the trash?
ask-trash-hint = { $count ->
    [one] 1 letter goes from the server as well. This cannot be undone.
   *[other] { $count } letters go from the server as well. This cannot be undone.
}
ask-trash-yes = Empty
sync-telling = { $count ->
    [one] Telling the server of 1 change…
   *[other] Telling the server of { $count } changes…
}
sync-offline-waiting = { $count ->
    [one] Offline. 1 change waits; the server is told once there is a connection.
   *[other] Offline. { $count } changes wait; the server is told once there is a connection.
}
place-inboxes = All inboxes
notify-off = Nothing
sync-now = Sync now
account-remove = Remove account
ask-account = Remove the account “{ $name }”?
ask-account-hint = Its letters and its password go from this computer. The letters on the server stay. What the server has not been told yet is lost.
ask-account-yes = Remove account

# The conversation with a server
talk-show = Conversation with the server
talk-title = Conversation with the server of { $name }
talk-hint = Passwords and letters are left out.
talk-coming = On its way
talk-none = Nothing has been said yet
talk-us = Goyo
talk-server = Server
talk-note = Note
talk-capability = Asks what the server can do.
talk-starttls = Asks to go on encrypted.
talk-login = Signs in. The password is not written here.
talk-id = Tells the program’s name, and nothing else.
talk-enable = Switches on telling only what has changed.
talk-compress = Asks to compress what is sent.
talk-list = Asks for the folders.
talk-status = Asks whether folders have changed.
talk-select = Opens a folder.
talk-fetch = Asks for letters, or how they are marked.
talk-search = Asks which letters match.
talk-store = Changes marks such as read or starred.
talk-copy = Copies letters to another folder.
talk-move = Moves letters to another folder.
talk-expunge = Removes the letters marked for it.
talk-append = Puts a letter into a folder.
talk-idle = Asks to be told of new mail, and waits.
talk-done = Stops waiting.
talk-noop = Makes sure that the connection is alive.
talk-folder = Makes or changes a folder.
talk-logout = Says goodbye.
talk-goes-on = It says to go on.
talk-bye = The server closes the connection.
talk-tls-ready = Ready to go on encrypted.
talk-connecting = Goyo connects to the server.
talk-no-connection = There was no connection.
talk-encrypted = From here on nobody in between can read along.
talk-compressed = From here on what is said is compressed.
talk-other-login = The safest way to log in was refused: another one is tried.
talk-given-up = Goyo gave up this connection.
talk-greeting = The server says hello.
talk-capabilities = What the server can do.
talk-a-folder = It tells of a folder.
talk-a-status = It tells how many letters a folder has.
talk-exists = How many letters the folder has.
talk-gone = Letters are gone from the folder.
talk-a-letter = A letter, or how it is marked.
talk-found = The numbers of the letters found.
talk-warns = The server has something to say.
talk-ok = It has done what was asked.
talk-no = It will not do what was asked.
talk-bad = It did not understand.

# Writing
write = New letter
write-title = New letter
write-answer = Reply
write-forward = Forward
write-coming = On its way
write-saving = Saving…
write-saved = Saved in Drafts
write-sending = Looking through it before it goes…
write-send = Send
write-later = Send later
write-close = Keep in Drafts and close
write-discard = Throw away
write-from = From
write-from-gone = { $address } is no longer an address of yours. This letter goes from the one above.
write-from-other = Write as somebody else
write-to = To
write-cc = Cc
write-bcc = Bcc
write-people-left-out =
    { $count ->
        [one] That was too many: one address was left out. Send it in parts.
       *[other] That was too many: { $count } addresses were left out. Send it in parts.
    }
write-people-hint = Name or address
write-wrong-address = Not a mail address
write-subject = Subject
write-subject-hint = What is it about?
write-body-hint = Write here.
write-attach = Attach a file
write-attach-this = Attach
write-path-hint = Path of a file, such as ~/Documents/slides.pdf
write-drop-hint = Files can be dropped on the window, too.
write-drop = Drop here to attach
write-plain = Text only
write-marked = Formatted
write-plain-hint = Formats, or text only
write-write = Write
write-preview = Preview
write-preview-hint = This is how it arrives.
write-preview-coming = The preview is on its way
format-bold = Bold
format-italic = Italic
format-list = List
format-quote = Quote
format-link = Link
quote-lines = { $count ->
    [one] 1 quoted line
   *[other] { $count } quoted lines
}
quote-forwarded = { $count ->
    [one] Forwarded letter, 1 line
   *[other] Forwarded letter, { $count } lines
}
quote-fold = Show or fold
quote-left-out = Left out: { $trackers } trackers · { $references } references · { $links } links cleaned
quote-remove = Remove
quote-remove-hint = Remove the quoted letter
file-cleaned = place removed
file-remove = Remove the file
file-failed = “{ $name }” could not be attached: { $why }
ask-receipt = Receipt
ask-receipt-none = None
ask-receipt-none-hint = Nobody is asked whether it was read.
ask-receipt-answer = By answer
ask-receipt-answer-hint = The reader’s program asks whether to tell you.
ask-receipt-picture = By picture
ask-receipt-picture-hint = Each recipient is told apart.
ask-receipt-plain = A letter of text only cannot hold a picture.
ask-receipt-no-server = Pictures need a receipt server.
ask-receipt-notice = The line at its end that says so
told-title = What this letter makes known
told-count = { $count ->
    [one] 1 thing becomes known
   *[other] { $count } things become known
}
later-hour = In 1 hour
later-tomorrow = Tomorrow { $time }
later-monday = Monday { $time }
later-hint = such as 2026-11-23 14:30
later-at = Send { $time }
later-wrong = Give a time to come.
notice-sending = { $count ->
    [one] Sending. You can take it back for 1 second.
   *[other] Sending. You can take it back for { $count } seconds.
}
notice-scheduled = It goes { $time }.
notice-put-away = Kept in Drafts.
notice-discarded = Thrown away.
closing-sending = Goyo closes when the mail being sent has gone.
closing-saving = Saving, then closing.
closing-now = Close now
closing-anyway = Close anyway
closing-unsent = { $count ->
    [one] One mail has not been sent yet. Goyo goes on with it when you start it again.
   *[other] { $count } mails have not been sent yet. Goyo goes on with them when you start it again.
}
closing-needs = { $count ->
    [one] One mail was not sent, or nobody knows whether it was. Start Goyo again and look into the outbox.
   *[other] { $count } mails were not sent, or nobody knows whether they were. Start Goyo again and look into the outbox.
}
closing-not-given = { $count ->
    [one] One mail has not been sent yet. If you close now, it is not sent and stays in Drafts.
   *[other] { $count } mails have not been sent yet. If you close now, they are not sent and stay in Drafts.
}
closing-not-kept = What you wrote could not be saved yet. If you close now, the last of it may be lost.
held-closing = Goyo is still sending mail… It opens when that has gone.
held-closing-long = Goyo is still sending mail. Open it again in a moment.
held-window = A Goyo window is opening…
held-window-silent = A Goyo window is open but does not answer. Close it and open Goyo again.
held-verb = “goyo { $verb }” is at work on the command line. Open Goyo when it is done.
held-other = Another Goyo is using this mailbox… It opens when that is done.
held-other-long = Another Goyo is using this mailbox. Open Goyo when it is done.
held-stop = Stop
notice-not-kept = What you wrote could not be saved or sent. { $why }
notice-unanswered = A mail was not sent yet: there is something to check first.
write-on = Go on writing
receipt-asks = { $who } asks to be told that you read this.
receipt-tells = If you tell, { $address } learns that you opened it, and when.
receipt-tell = Tell
receipt-decline = Don’t tell
receipt-telling = { $who } is being told that you read this.
receipt-declined = { $who } is not told that you read this.
receipt-settled = { $who } asked to be told; it was answered, or you chose not to.
told-subject = Read: { $subject }
told-words = Your message was displayed. This does not mean that it was read to the end or understood.
server-title = Receipt server
server-hint = Receipts by picture need a server of your own.
server-address = Address
server-key = Key
server-key-hint = Made on the server by ‘goyo receipts key new’. It is kept in this computer’s keyring.
server-set = Set
server-trying = Trying…
server-no-address = That is no server address. Write it like https://receipts.example.
server-plain = Over http the key could be read on the way. Enter an https address.
server-key-form = That is no key. Paste it as it is, without blanks.
server-wrong-key = The server does not know this key. Make a new one there.
server-no-key = There is no key for the server. Set it again.
server-demo = The demo sets no receipt server, and asked none.
server-away = The server cannot be reached.
server-unsafe = The connection to the server was not safe and was given up. Check its certificate.
server-secrets = The keyring cannot be used: { $said }
server-other = Something is wrong with the receipt server: { $said }
notice-server = The receipt server is set.
notice-server-away = The receipt server is set, but could not be tried yet. { $why }
receipts-not-asked = The receipt server could not be asked since { $time }. { $why }
mail-none-account = Mail is shown here when it comes.
send-undo = Take back
tool-reply = Reply
tool-reply-all = Reply to all
tool-forward = Forward
tool-edit-draft = Go on writing
letter-notice = This letter asks for a read receipt: loading its picture tells its sender when it was opened.
letter-wrote = On { $date }, { $name } wrote:
letter-forwarded = ---------- Forwarded mail ----------
letter-from = From
letter-date = Date
letter-subject = Subject
letter-to = To
letter-cc = Cc

# Before it goes
preflight-title = Before it goes
preflight-correct = Make it { $meant } and send
preflight-anyway = Send anyway
preflight-back = Go back
preflight-keys = Esc goes back · Ctrl+Enter sends
finding-author = Your name and address: { $what }
finding-addresses-seen = Everybody sees all { $count } addresses in To and Cc.
finding-blind-copies = { $count } get it without the others knowing.
finding-time = When it was sent, in UTC. Your time zone is not told.
finding-time-zone = When it was sent, and your time zone.
finding-receipt-picture = Shown with its picture, it tells { $what } when it was read.
finding-receipt-impossible = A letter of text only cannot hold the picture a receipt needs.
finding-pictures-blocked = { $what }: pictures are known not to be loaded there. You will not learn whether it was read.
finding-receipt-answer = It asks to be told when it is read.
finding-picture-cleaned = { $what }: goes without the place, time and device written in it.
finding-picture-tells = { $what }: may tell where, when and with what it was made.
finding-document-tells = { $what }: may name its author, a company or earlier versions.
finding-letter-whole = { $what }: goes whole, with the way it came to you.
finding-fetches-from = Opened, it fetches from { $what }.
finding-quotes = It quotes { $count } characters of another letter.
finding-smtputf8 = { $what }: not every server takes such an address.
finding-mistyped = { $what } — did you mean { $meant }?
finding-bounced-before = { $what }: letters to this address came back before.
finding-noreply = { $what }: nobody reads what is sent there.
finding-attachment-forgotten = It says “{ $what }”, and has no attachment.
finding-subject-missing = It has no subject.
finding-empty = It has no words.
finding-many-seen = { $count } people see each other’s addresses. In Bcc they would not.

# The outbox
folder-outbox = Outbox
notice-sent = Sent. { $said }
notice-not-sent = A letter was not sent.
out-keys = ↑ ↓ choose · S send · D back to Drafts
out-queued = Waiting
out-sending = Being sent
out-sent = Sent
out-retry = Trying again
out-failed = Not sent
out-unknown = Unknown
out-goes-at = It goes { $time }.
out-goes-soon = It goes in a moment.
out-again-at = Tried again { $time }.
out-tried = { $count ->
    [one] Tried once so far.
   *[other] Tried { $count } times so far.
}
out-unknown-why = Nobody knows whether the server took this letter. All of it was sent, and its answer was not heard.
out-unknown-what = Sent again, it may arrive twice; left alone, it may never have gone. That is why it is not sent again by itself.
out-failed-what = Mend the recipients or the words, and send it again.
out-now = Send now
out-again = Send again
out-leave = Leave it as sent
out-draft = Back to Drafts
out-fix = Fix and send again
out-give-up = Do not send
hindered-refused = The server would not take it.
hindered-offline = The server that sends was not reached.
hindered-tls = No safe connection: its certificate may not be trusted.
hindered-password = The server did not accept the password. Check the account’s password.
hindered-no-password = No password is kept for this account.
hindered-no-server = This account has no server that sends. Set one in the account.
hindered-too-large = It is larger than the server takes. Attach less.
hindered-utf8 = The server does not take such an address.
hindered-protocol = The server’s answer made no sense.
hindered-receipt-server = The receipt server could not be told, so it has not gone yet. Wait for the next try, or take it back and send it without a receipt.
hindered-no-answer = The connection was lost before the last answer.
hindered-interrupted = Goyo ended before the last answer.
hindered-gave-up = It was tried for days.
hindered-cancelled = You took it back.

# What became of a mail
journey-title = What became of it
journey-talk = Conversation with the server that sends
journey-written = Written
journey-encoded = Encoded
journey-files = { $count ->
    [one] 1 attachment
   *[other] { $count } attachments
}
journey-taken = Taken by the server that sends
journey-unknown = Nobody knows whether the server took it
journey-refused = { $name }: not taken by the server
journey-bounced = { $name }: bounced
journey-delayed = { $name }: delayed
journey-delivered = { $name }: arrived
journey-relayed = { $name }: handed to another server
journey-displayed = { $name } says it was read
journey-processed = { $name }: handled by a program
journey-denied = { $name } does not want to say
journey-read = { $name }: read
journey-fetched = { $name }: picture fetched
bounce-no-such-user = There is no such address
bounce-no-such-domain = There is no such domain, or it takes no mail
bounce-mailbox-full = The mailbox is full
bounce-disabled = The mailbox is no longer used
bounce-too-large = Too large for the other side
bounce-refused = The other server refused it
bounce-unreachable = The other server was not reached
bounce-loop = It went in circles between servers
bounce-other = The server gives this reason
state-bounced = Bounced
state-bounced-means = It came back.
state-read = Read
state-read-means = Opened by a person, as it seems; not proof that all of it was read.
state-fetched = Picture fetched
state-fetched-means = The picture was fetched; whether by a person is not known.
state-delivered = Delivered
state-delivered-means = It lies in the other mailbox.
state-unread = Not read
state-unread-means = Nothing was seen so far. That is no proof that it was not read.
state-unconfirmable = Cannot tell
state-unconfirmable-means = No receipt was asked for. So whether it was read is not known.
said-hello = Says hello and asks what the server can do. This computer’s name is not told.
said-from = Names the address it comes back to.
said-to = Names one recipient.
said-data = Asks to hand the letter over.
said-end = Says that the letter ends here. The answer decides whether it is sent.
said-reset = Asks to start over.
said-believed = Signed in.
said-accepts = The server accepts.
said-go-on = It says to hand the letter over.
said-closing = Not now, it says, and closes the connection.
said-later = Not now; it can be tried again later.
said-no-login = It does not accept the sign-in.
said-refuses = It will not take it.
notify-bounced = { $count ->
    [one] 1 letter came back
   *[other] { $count } letters came back
}
notify-read = { $count ->
    [one] 1 letter was read
   *[other] { $count } letters were read
}
notify-not-sent = { $count ->
    [one] 1 letter could not be sent
   *[other] { $count } letters could not be sent
}
notify-unknown = { $count ->
    [one] Nobody knows whether 1 letter was sent
   *[other] Nobody knows whether { $count } letters were sent
}
notify-fetched = { $count ->
    [one] The picture of 1 letter was fetched
   *[other] The pictures of { $count } letters were fetched
}

# Receipts
place-receipts = Receipts
receipts-count = { $count ->
    [one] 1 sent
   *[other] { $count } sent
}
receipts-all = All
receipts-seen = Read or fetched
receipts-unseen = Not read
receipts-bounced = Bounced
receipts-unconfirmable = Cannot tell
receipts-none = Nothing was sent yet
receipts-none-such = There are none
receipts-means = What this state means
receipts-fetched = { $count ->
    [one] Fetched once.
   *[other] Fetched { $count } times.
}
follow-up = Ask whether it arrived
follow-up-hint = Begins a polite letter
follow-subject = Did this arrive? { $subject }
follow-body = Hello,¶¶I sent you “{ $subject }” a while ago. Could you let me know whether it reached you?¶¶Thank you.

# Keys
keys-title = Keyboard
keys-hint = The same keys work while you type in Korean
keys-go = Go to
keys-go-where = Go to…
keys-moving = Moving around
keys-next = Next, previous letter
keys-open = Open the letter
keys-page = Scroll the letter; with Shift back
keys-thread = Next and previous letter of the conversation
keys-open-all = Open several letters of the conversation, fold them
keys-stacked = The whole conversation, or this letter alone
keys-back = Close what is open, leave the search
keys-search = Search all mail
keys-find = Search in the letter
keys-zoom = Larger, smaller, as it was
keys-copy = Copy what is marked
keys-people = Everybody named in the letter
keys-ledger = What was stopped, and who would have learned what
keys-header = The header, explained
keys-source = The letter as it was sent
keys-save-letter = Save the letter as a file
keys-save-all = Save all attachments
keys-print = Print the letter as PDF
keys-this = This list
keys-quit = Close the window; what is being sent goes first
keys-letter = With a letter
keys-unread = Unread, or read
keys-star = Star
keys-archive = Archive
keys-delete = Delete
keys-junk = Junk, or not junk
keys-move = Move to a folder
keys-label = Label
keys-label-usual = Important, work, personal, to do, later
keys-undo = Undo
keys-all-read = Mark the whole folder as read
keys-answering = Writing letters
keys-write = New letter
keys-answer = Reply
keys-answer-all = Reply to all
keys-forward = Forward
keys-journey = What became of it
keys-writing = While writing
keys-tab = To the next field, then the buttons
keys-send = Send
keys-save = Keep as draft
keys-attach = Attach a file
keys-copies = Cc, Bcc
keys-marks = Bold, italic, link, list
keys-preview = How it will look
keys-later = Send later
keys-receipt = Ask for a receipt
keys-discard = Discard

## Picking several, carrying, sorting
many-title = { $count ->
    [one] 1 letter picked
   *[other] { $count } letters picked
}
many-let-go = Let go
many-let-go-hint = Pick nothing
many-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
tool-copy-to = Copy to a folder
many-star = Add a star
did-copy = Copied to “{ $folder }”.
did-copy-many = { $count ->
    [one] 1 letter copied to “{ $folder }”.
   *[other] { $count } letters copied to “{ $folder }”.
}
did-move-many = { $count ->
    [one] 1 letter moved to “{ $folder }”.
   *[other] { $count } letters moved to “{ $folder }”.
}
did-read-many = { $count ->
    [one] 1 letter marked as read.
   *[other] { $count } letters marked as read.
}
did-unread-many = { $count ->
    [one] 1 letter marked as unread.
   *[other] { $count } letters marked as unread.
}
did-label-many = { $count ->
    [one] Label added to 1 letter.
   *[other] Label added to { $count } letters.
}
did-unlabel-many = { $count ->
    [one] Label removed from 1 letter.
   *[other] Label removed from { $count } letters.
}
did-star-many = { $count ->
    [one] 1 letter starred.
   *[other] { $count } letters starred.
}
did-archive-many = { $count ->
    [one] 1 letter archived.
   *[other] { $count } letters archived.
}
did-delete-many = { $count ->
    [one] 1 letter moved to the trash.
   *[other] { $count } letters moved to the trash.
}
did-delete-for-good-many = { $count ->
    [one] 1 letter deleted for good.
   *[other] { $count } letters deleted for good.
}
did-junk-many = { $count ->
    [one] 1 letter moved to junk.
   *[other] { $count } letters moved to junk.
}
did-not-junk-many = { $count ->
    [one] 1 letter moved to the inbox.
   *[other] { $count } letters moved to the inbox.
}
did-unstar-many = { $count ->
    [one] Star removed from 1 letter.
   *[other] Star removed from { $count } letters.
}
ask-many = { $count ->
    [one] Delete 1 letter for good?
   *[other] Delete { $count } letters for good?
}
ask-many-hint = They go from the server as well. This cannot be undone.
ask-some = { $count ->
    [one] Delete 1 letter?
   *[other] Delete { $count } letters?
}
ask-some-hint = { $trashed ->
    [one] One of them lies in the trash and goes for good. The others move to the trash.
   *[other] { $trashed } of them lie in the trash and go for good. The others move to the trash.
}
ask-some-yes = Delete
copy-title = Copy it where?
copy-keys = ↑ ↓ choose · Enter copies · Esc closes
drag-move = { $count ->
    [one] 1 letter
   *[other] { $count } letters
}
drag-copy = { $count ->
    [one] Copy 1 letter
   *[other] Copy { $count } letters
}
drag-move-to = { $count ->
    [one] Move 1 letter to “{ $folder }”
   *[other] Move { $count } letters to “{ $folder }”
}
drag-copy-to = { $count ->
    [one] Copy 1 letter to “{ $folder }”
   *[other] Copy { $count } letters to “{ $folder }”
}
folder-pin = Keep on top
folder-unpin = Take off the top
folder-open = Open the folder
sort-hint = Order of the list
sort-best = Best match first
sort-newest = Newest first
sort-oldest = Oldest first
sort-sender = By sender
sort-subject = By subject
sort-size = Largest first
sort-unread = Unread first
sort-starred = Starred first
keys-pick = Pick several letters
keys-pick-all = Pick all letters; in a letter, all of its text
keys-fold = Unfold, fold a conversation
keys-links = Next or previous link of the letter
keys-around = On to the folders, the list, the letter
keys-sort = Order of the list
keys-menu = Menu of what is picked
keys-folder-menu = The menu of this folder
keys-account-menu = Menu of this account; again, of the next one
keys-letter-menu = Menu of what else there is for the open letter
keys-copy-to = Copy to a folder

# Panes
short-unfold = Show the sender and what was stopped
short-fold = Back to the letter
keys-head = In a low window, the sender and what was stopped
back-to-list = Back to the list
places = Folders
search-clear = Clear the search
archive-remove = Take off the list
keys-panes = List narrower, wider, as it was
keys-side = Sidebar narrower, wider, as it was
keys-settings = Settings

# Settings
settings-title = Settings
settings-appearance = Appearance
settings-language = Language
settings-light-title = Theme
settings-light-desktop = As the system
settings-light = Light
settings-dark = Dark
settings-light-hint = Letters follow it too.
settings-light-unsaid = This desktop does not say which it is, so it is light for now.
settings-text = Text size
settings-text-hint = The whole window grows with it. To enlarge only the open letter, press Ctrl +.
settings-percent = { $percent }%
settings-density = List spacing
settings-density-hint = Compact leaves out the line of preview and shows more letters.
settings-comfortable = Comfortable
settings-compact = Compact
settings-panes = Width of panes
settings-panes-hint = Drag the lines between them. A double click puts one back.
settings-panes-reset = Put all back
settings-notifications = Notifications
settings-notify = When mail comes, say
settings-notify-hint = A notification can be read by whoever stands behind you, and the desktop keeps it.
settings-privacy = Privacy
settings-remote = Pictures from outside
settings-remote-hint = Opening a letter asks nothing of anybody. You decide for each letter, and can always show those of senders you trust.
settings-remote-ask = Ask in each letter
settings-remote-never = Never
settings-remote-never-hint = No letter ever fetches a picture from outside. What you decided for senders is kept, and rests until you switch this back.
pictures-by = How pictures are fetched
pictures-by-accounts = As the account
pictures-by-own = By their own proxy
pictures-by-none = Directly
pictures-by-accounts-hint = Through the proxy of the account the letter came to, else that of another account. If none has one, directly.
pictures-by-own-hint = Pictures are fetched through this proxy. Their servers do not see the address of this computer.
pictures-by-own-later = This proxy is used once it is saved. Until then the way chosen above holds.
pictures-by-none-hint = Pictures are fetched directly, even where an account has a proxy. Their servers can see the address of this computer.
settings-trackers = Trackers stay stopped
settings-trackers-hint = Also in letters whose pictures you show, what looks like a tracker is not fetched.
settings-asked = Requests for a receipt are not answered
settings-asked-hint = They are shown above the letter. Whether to tell is up to you.
settings-rules-show = Show decisions
settings-accounts = Accounts
settings-no-account = There is no mail account yet.
settings-account-open = Change
account-page-back = All accounts
account-writers = Names and signatures
account-writers-hint = A new letter begins with the first of these. You can change it in the From line while you write.
account-writer-name = Name
account-writer-address = Address
account-writer-own = Address of this account
account-writer-reply = Replies go to
account-writer-reply-hint = If empty, to the address you send from
account-writer-signature = Signature
account-writer-signature-hint = What stands at the end of your letters
account-writer-add = Add a name and address
account-writer-remove = Remove
account-wrong-reply = The address for replies is not a mail address.
account-keep = Mail kept on this computer
account-keep-days = days of mail
account-keep-later = Keeping more fetches older mail too. Keeping less removes nothing from this computer. The menu of a folder can say otherwise for that folder.
keep-everything = Everything
keep-days = Recent mail
keep-headers = Headers only
keep-nothing = Nothing
keep-last-days = The last { $days } days
keep-as-account = As the account ({ $kept })
keep-title = Mail of ‘{ $folder }’ on this computer
keep-later = Keeping more fetches older mail too. Keeping less removes nothing from this computer.
folder-keep = Mail kept here…
keep-everything-hint = All mail is kept whole. You can read and search it without a connection.
keep-days-hint = Recent mail is kept whole, older mail with its headers only. The rest comes when you open it.
keep-headers-hint = Subject and sender are kept. The rest comes when you open a letter.
keep-nothing-hint = No new mail is fetched, nor what was read or deleted elsewhere. Mail that is already here stays.
account-proxy = Proxy
account-proxy-hint = Goyo reaches the servers of this account through it. If empty, it connects directly.
account-password-new = New password
account-password-hint = Only if you want to change it. It stays on this computer.
account-test-title = Connection
account-test = Test the connection
account-testing = Testing…
account-works = It works: { $folders } folders can be read.
account-works-sends = It works: { $folders } folders can be read, and mail can be sent.
account-save = Save
account-saving = Saving…
account-saved = Saved.
account-revert = Undo changes
account-unsaved = There are unsaved changes.
ask-unsaved = Close without saving?
ask-unsaved-hint = You have changed the settings of { $name } and not saved them yet.
ask-unsaved-proxy = You have changed the proxy for pictures and not saved it yet.
ask-unsaved-yes = Discard and close
settings-demo = This is the sample mailbox
settings-demo-hint = It takes no accounts. Open Goyo without it to add one.
settings-server-why = If you want to know whether your mail was read
settings-server-hint = Name a server that you run yourself. A receipt is asked for letter by letter, and off at first.
settings-no-server = Not named yet.
settings-server-name = Name a server
settings-server-other = Name another one
settings-receipts-show = Show receipts
settings-storage = Storage
settings-storage-coming = Measuring.
settings-letters = Letters
settings-database = Mail database
settings-profile = Whole profile
settings-place = Where it lies
settings-place-copy = Copy path
settings-measure = Measure again
settings-about = About Goyo
settings-version = Version { $version }
settings-promise = Nobody learns that you have read your mail unless you decide so.
settings-licence = Licence
settings-licence-hint = Free software, under MIT or Apache 2.0 as you like.
settings-typeface = Typeface
settings-typeface-hint = Pretendard · SIL Open Font License 1.1
settings-parts = Software it is built from
settings-parts-hint = Names and licences are all in the copyright file of the installed documentation.

status-at-work = Working on { $count } letters…
folder-new = New folder
folder-rename = Rename
folder-remove = Remove the folder
folder-new-title = Make a folder
folder-new-yes = Make it
folder-rename-title = Rename the folder
folder-rename-yes = Rename
folder-name-hint = Name of the folder
folder-name-levels = A slash makes a folder inside a folder: Work/Meetings
did-folder-new = Folder made.
did-folder-rename = Folder renamed.
did-folder-remove = Folder removed. Its letters are in the trash.
ask-folder = Remove the folder “{ $name }”?
ask-folder-hint = { $count ->
    [0] It holds no letters.
    [one] Its letter goes to the trash.
   *[other] Its { $count } letters go to the trash.
}
ask-folder-yes = Remove it

# On paper
print-from = From
print-to = To
print-cc = Cc
print-date = Date
print-attached = Attached
print-more-people = and { $count } more
print-more-files = and { $count } more
print-cut = The letter goes on: it is too long to be printed whole.

# Import and export
archive-import = Import…
archive-import-title = Import mail
archive-import-hint = From mbox files, Maildirs, .eml files, or folders of these. The files stay as they are.
archive-import-yes = Import
archive-from = From
archive-path-hint = Path of a file or folder, such as ~/old.mbox
archive-add = Add
archive-into = Into
archive-folder-hint = A folder of this computer, such as old/2019
archive-into-named = Left empty, folders named after the files are made on this computer.
archive-into-new = A folder ‘{ $name }’ is made on this computer.
archive-into-there = Added to ‘{ $name }’. Letters that are there already do not come twice.
archive-export = Export…
archive-export-title = Export a folder
archive-export-hint = Writes a folder to files, each letter as it came. The letters stay here too.
archive-export-yes = Export
archive-which = Folder
archive-which-hint = Find a folder
archive-form = As
archive-mbox = mbox
archive-mbox-hint = One file for all of them. Most mail programs read it.
archive-maildir = Maildir
archive-maildir-hint = One file for each letter. Read and starred go along.
archive-eml = .eml files
archive-eml-hint = One file for each letter, which a double click opens.
archive-dir = To
archive-dir-hint = Left empty, the downloads folder
archive-looking = Looking for mail
archive-importing = Importing mail
archive-tidying = All mail is here. Making search quick
archive-exporting = Exporting mail
archive-stopping = Stopping
archive-stop = Stop
archive-more = More
archive-letters = { $count ->
    [one] { $number } letter
   *[other] { $number } letters
}
archive-letter = letter { $number }
archive-imported = { $count ->
    [one] { $number } letter was imported.
   *[other] { $number } letters were imported.
}
archive-imported-again = All of it was here already.
archive-imported-none = No new letter has come in.
archive-duplicate = { $count ->
    [one] { $number } was here already and stayed as it is.
   *[other] { $number } were here already and stayed as they are.
}
archive-odd = { $count ->
    [one] { $number } is hard to make sense of, and was kept as it came.
   *[other] { $number } are hard to make sense of, and were kept as they came.
}
archive-passed = { $count ->
    [one] { $number } could not be imported. It is where it was.
   *[other] { $number } could not be imported. They are where they were.
}
archive-passed-more = · and { $number } more
archive-too-large = It is too large ({ $size }).
archive-too-deep = It lies too deep in folders. Import this folder by itself.
archive-gathered = { $count ->
    [one] There are too many folders, or names are too long: { $number } was not made. Its letters came into the folder above it.
   *[other] There are too many folders, or names are too long: { $number } were not made. Their letters came into the folder above them.
}
archive-no-mbox = This is no mbox file.
archive-import-stopped = It was stopped. What came in is kept, and importing again brings the rest.
archive-import-trouble = Not all of it could be imported. { $why }
archive-exported = { $count ->
    [one] { $number } letter was exported: { $path }
   *[other] { $number } letters were exported: { $path }
}
archive-exported-none = Nothing was exported.
archive-export-part = { $count ->
    [one] Only { $number } letter was exported: { $path }
   *[other] Only { $number } letters were exported: { $path }
}
archive-export-stopped = { $count ->
    [one] It was stopped. { $number } letter lies here: { $path }
   *[other] It was stopped. { $number } letters lie here: { $path }
}
archive-export-stopped-none = It was stopped, and no file is left.
archive-damaged = { $count ->
    [one] { $number } is damaged and was left out.
   *[other] { $number } are damaged and were left out.
}
archive-not-here = { $count ->
    [one] { $number } has not come whole yet and was left out. Opening it brings the rest.
   *[other] { $number } have not come whole yet and were left out. Opening one brings the rest.
}
undone-at = { $path }: { $why }
undone-no-mail = There is no mail here: { $path }
undone-archiving = Another import or export is not done yet.
undone-fault = Goyo failed on it, which is a fault of Goyo.
choose-attach = Files to attach
choose-files = Choose files…
choose-folder = Choose a folder…
choose-yes = Choose
choose-save = Save
