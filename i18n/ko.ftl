# 고요 — 창에 보이는 말. 해요체, 짧고 구체적으로.
name = 고요
cancel = 취소
close = 닫기

# 날짜
date-am = 오전
date-pm = 오후
date-yesterday = 어제
date-months = 1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월
date-with-year = { $year }년 { $day }
date-and-time = { $day } { $time }
stretch-seconds = { $count }초
stretch-minutes = { $count }분
stretch-hours = { $count }시간
stretch-days = { $count }일

# 왼쪽
side-places = 모아보기
place-all = 모든 메일
place-starred = 중요
place-search = 검색 결과
account-local = 이 컴퓨터
folder-inbox = 받은편지함
folder-sent = 보낸편지함
folder-drafts = 임시보관함
folder-archive = 보관함
folder-junk = 스팸메일함
folder-trash = 휴지통
folder-all = 전체메일함
mode-dark = 어두운 화면
mode-light = 밝은 화면

# 목록
search-hint = 메일 검색 — from: has:attachment
search-count = { $count }통
search-many = { $count }통 이상
search-none = 찾는 메일이 없어요
search-none-hint = 낱말을 줄이거나 from:, subject:, after:2026-01 처럼 좁혀 보세요.
query-too-long = 찾는 말이 너무 길어요. 낱말을 줄여 주세요.
query-too-deep = 괄호가 너무 깊어요.
query-date = ‘{ $typed }’은 날짜가 아니에요. 2026, 2026-11, 2026-11-21처럼 써 주세요.
query-size = ‘{ $typed }’은 크기가 아니에요. 500k, 10M처럼 써 주세요.
query-property = ‘{ $typed }’은 찾을 수 없는 조건이에요. is:unread, is:flagged, has:attachment를 써 보세요.
mail-none = 아직 메일이 없어요
mail-none-hint = 터미널에서 ‘goyo import 경로’로 mbox, Maildir, .eml 파일을 가져올 수 있어요.
starred-none = 중요 표시한 메일이 없어요
starred-none-hint = 메일을 열고 별을 누르면 여기에 모여요.
folder-none = 이 편지함은 비어 있어요
row-to = 받는사람: { $name }
row-nobody = 보낸사람 없음
no-subject = (제목 없음)

# 메일을 열기 전
empty-title = 읽을 메일을 골라 주세요
empty-hint = 메일을 열어도 아무에게도 알리지 않아요.
open-coming = 메일을 여는 중이에요
open-failed = 이 메일을 열 수 없어요
open-too-large = 고요가 읽는 가장 큰 메일보다 커요.
engine-ended = 더 진행할 수 없어요. 고요를 다시 시작해 주세요.

# 도구
tool-star = 중요
tool-unread = 읽지 않음
tool-find = 찾기
tool-header = 헤더 보기
tool-source = 원본 보기
tool-charset = 문자 집합
charset-own = 메일에 적힌 대로
find-hint = 이 메일에서 찾기
find-none = 없음

# 머리
to-me = 나에게
to-me-and = 나와 { $count }명에게
to-one = { $name }에게
to-several = { $name } 외 { $count }명에게
route-count = 경로 { $count }곳
route-encrypted = 모두 암호화
route-open = 암호화 안 된 구간 { $count }곳
badge-proved = 발신 도메인 확인됨 · { $domain }
badge-failed = 발신 도메인 확인 실패
badge-unknown = 발신 도메인 확인할 수 없음
badge-odd = 살펴볼 점 { $count }가지

# 프라이버시 막대
bar-blocked = 외부 이미지 { $count }개를 막았어요.
bar-blocked-trackers = 외부 이미지 { $count }개를 막았어요. 그중 { $trackers }개는 추적용이에요.
bar-blocked-others = 외부로 나가려던 요청 { $count }개를 막았어요.
bar-fetching = 허용한 이미지를 불러오는 중이에요.
bar-shown = 허용한 이미지 { $count }개를 표시하고 있어요.
bar-shown-trackers = 허용한 이미지 { $count }개를 표시하고 있어요. 추적용 { $trackers }개는 계속 막고 있어요.
bar-encrypted = 암호화된 메일의 이미지는 불러오지 않아요.
bar-could = 이미지를 불러오면 메일을 연 시각과 대략적인 위치가 이미지 서버에 전해질 수 있어요.
bar-could-sender = 이미지를 불러왔다면 보낸 쪽에 열람 시각과 대략적인 위치가 전해졌을 거예요.
bar-could-service = 이미지를 불러왔다면 { $services }에 열람 시각과 대략적인 위치가 전해졌을 거예요.
bar-told = 이미지를 보낸 { $hosts } 쪽은 메일을 연 시각과 대략적인 위치를 알 수 있어요.
bar-unproven = 허용한 발신자의 주소지만 그 발신자가 보냈다는 증거가 없어서 규칙을 적용하지 않았어요.
bar-rule = { $whom }의 이미지는 항상 표시하기로 했어요.
bar-never = 이 발신자의 이미지는 항상 막기로 했어요.
bar-once = 이번만 이미지 표시
bar-always = 이 발신자 항상 표시
bar-take-back = 되돌리기
bar-unnever = 항상 차단 풀기
bar-details = 자세히
trust-sender = 이 발신자 항상 표시
trust-domain = { $domain } 전체 항상 표시
trust-domain-hint = 이 도메인과 그 아래에서 오는 모든 메일
trust-never = 이 발신자 항상 차단
trust-never-hint = 이번에 표시한 이미지도 다시 숨겨요
names-and-more = { $names } 외 { $count }곳
receipt-mdn = { $who } 님이 읽으면 알려 달라고 했어요. 알리지 않았어요.
receipt-pixel = { $who } 수신확인이 들어 있어요. 알리지 않았어요.
receipt-told = { $who } 수신확인이 불려 갔어요. 보낸 쪽이 읽은 것을 알 수 있어요.
receipt-once = 이번만 알리기
receipt-somebody = 보낸 분
fallback-died = 이 메일은 그리다가 문제가 생겨서 글자로만 보여 드려요.
fallback-too-long = 이 메일은 그리는 데 너무 오래 걸려서 글자로만 보여 드려요.
fallback-too-large = 이 메일은 그리기에 너무 커서 글자로만 보여 드려요.
fallback-no-worker = 메일을 그리는 프로세스를 시작할 수 없어서 글자로만 보여 드려요.

# 첨부
attachment-unnamed = 이름 없는 첨부
attachment-more = 외 { $count }개
attachment-save = 그래도 저장
attachment-hint = 저장만 하고 열지는 않아요. 다운로드 폴더에 들어가요.
attachment-disguised = 다른 이름처럼 보이도록 쓴 파일이에요.
attachment-program-disguised = 이름은 문서 같지만 프로그램이에요.
attachment-program = 프로그램이거나 프로그램을 시작하는 파일이에요.
attachment-macros = 열면 매크로가 실행될 수 있어요.
attachment-reports = 다른 프로그램에서 열면 열었다는 사실이 밖으로 알려질 수 있어요.

# 장부
ledger-title = 이 메일이 밖에 부탁한 것
ledger-hint = 막음 { $refused } · 허용 { $allowed } · 실제 요청 { $made }
ledger-allow = 허용(이번만)
ledger-requests = 실제로 나간 요청
ledger-requests-hint = 이 메일 때문에 이 컴퓨터를 떠난 요청은 모두 여기에 적혀요.
ledger-none = 나간 요청이 없어요
verdict-refuse = 막음
verdict-allow = 허용
tracker-service = { $service } 추적
tracker-invisible = 보이지 않는 추적 이미지
tracker-token = 받는 사람마다 다른 주소
visible-no = 보이지 않음
reason-default = 허용한 적 없음
reason-tracker = 추적은 계속 막음
reason-not-a-picture = 이미지가 아님
reason-address = 불러오지 않는 주소
reason-encrypted = 암호화된 메일
reason-never = 항상 차단한 발신자
reason-unproven = 발신자 증거 없음
reason-once = 이번만 허용
reason-sender = 발신자 허용
reason-domain = 도메인 허용
reason-by-hand = 직접 허용
answer-redirect = 다른 주소로
answer-unknown = 답을 알 수 없음
answer-failed = 실패

# 헤더
header-title = 헤더와 경로
header-hint = 메일이 스스로 말하는 것과 그 뜻
header-odd = 살펴볼 점
header-proof = 발신 도메인 확인
header-route = 메일이 온 경로
header-recipients = 받는 사람
header-message = 메일
header-transport = 전달
header-content = 내용
header-parts = 메일을 이루는 부분
hop-unknown = 이름 없는 서버
hop-delay = { $stretch } 뒤
hop-back = 시계가 서로 달라요
hop-encrypted = 암호화해서 받았어요
hop-open = 암호화하지 않고 받았어요
hop-tls-unknown = 암호화했는지 알 수 없어요
proof-none = 확인할 수 없어요. 발신자를 확인한 서버의 기록이 없어요.
proof-foreign = 확인할 수 없어요. 아래 기록은 내 메일 서버가 쓴 것이 아니에요.
proof-server = 내 메일 서버가 확인한 결과예요.
proof-says = { $server }의 말
source-title = 메일 원본
source-coming = 원본을 읽는 중이에요

# 링크
link-title = 이 링크를 열까요?
link-open = 브라우저로 열기
link-open-whole = 원래 주소로 열기
link-copy = 주소 복사
link-hint = 열면 보낸 쪽이 링크를 누른 것을 알 수 있어요.
link-never = 이런 주소는 열지 않아요.
link-unwrapped = 클릭을 세는 중간 주소를 거치지 않고 바로 가요.
link-cleaned = 추적에 쓰는 꼬리표를 뗐어요.
link-another-host = 보이는 글자 “{ $text }”와 실제 가는 곳이 달라요.
link-punycode = 다른 문자로 쓴 도메인이에요. 비슷하게 생긴 다른 곳일 수 있어요.
link-mixed = 여러 문자를 섞어 다른 도메인처럼 보이게 썼어요.
link-plain = 암호화하지 않는 주소예요. 중간에서 볼 수 있어요.
link-ip = 이름 없이 숫자로 된 주소예요.
link-credentials = 주소 앞에 이름이나 비밀번호가 붙어 있어요.
link-script = 스크립트예요.
link-data = 문서가 주소 안에 들어 있어요.
link-file = 이 컴퓨터나 내부망의 파일을 가리켜요.
link-short = 줄인 주소라서 어디로 가는지 알 수 없어요.
link-opaque = 어디로 가는지 발송 업체만 아는 주소예요. 누르면 누가 눌렀는지 그 업체가 알게 돼요.

# 알림과 상태
notice-saved = 저장했어요: { $path }
notice-not-saved = ‘{ $name }’ 파일을 저장하지 못했어요: { $why }
notice-failed = 하지 못한 일이 있어요: { $why }
notice-copied = 복사했어요
status-mail = 이 컴퓨터에 { $count }통
status-requests = 이 메일을 여는 동안 나간 요청
status-count = { $count }건

# 체험
demo-name = 체험용 메일함 · 창을 닫으면 모두 지워요
demo-count = 추적 서버가 받은 요청 { $count }건
demo-quiet = 지금까지 아무도 아무것도 몰라요.
demo-told = 허용한 만큼만 알려졌어요.
demo-pixel = { $time } ‘{ $letter }’ 메일을 읽었다는 것을 추적 서버가 알았어요.
demo-picture = { $time } ‘{ $letter }’의 이미지 { $count }개를 보내 줬어요. 연 시각과 위치를 알 수 있어요.
demo-other = { $time } ‘{ $letter }’ 메일에서 다른 요청 { $count }건이 왔어요.

# 서비스
service-naver = 네이버
service-kakao-daum = 카카오(다음)
service-11st = 11번가
service-stibee = 스티비
service-amazon-ses = 아마존 SES

# 살펴볼 점
warning-no-from = 보낸사람이 적혀 있지 않아요.
warning-several-authors = 보낸사람이 여러 명이에요.
warning-from-malformed = 보낸사람이 올바른 주소가 아니에요.
warning-return-path-differs = 반송 주소의 도메인이 보낸사람과 달라요.
warning-sender-differs = 실제로 보낸 사람이 글쓴이와 달라요.
warning-reply-to-elsewhere = 답장이 보낸사람이 아닌 다른 주소로 가요.
warning-noreply = 답장해도 읽지 않을 주소예요.
warning-name-is-an-address = 이름 자리에 다른 메일 주소가 적혀 있어요.
warning-message-id-missing = 메일 고유 번호(Message-ID)가 없어요.
warning-message-id-reused = 다른 메일이 같은 고유 번호를 쓰고 있어요.
warning-message-id-malformed = 메일 고유 번호의 모양이 올바르지 않아요.
warning-message-id-foreign = 메일 고유 번호가 다른 도메인의 것이에요.
warning-date-missing = 날짜가 없어요.
warning-date-malformed = 날짜를 읽을 수 없어요.
warning-date-absurd = 날짜가 있을 수 없는 때예요.
warning-date-after-arrival = 도착한 때보다 나중 날짜예요.
warning-route-broken = 경로가 이어지지 않아요.
warning-route-back-in-time = 경로의 시각이 거꾸로 가요.
warning-not-addressed-to-you = 받는사람에 내 주소가 없어요. 숨은참조나 메일링리스트로 받은 메일이에요.
warning-delivered-elsewhere = 적힌 받는사람이 아닌 다른 주소로 배달됐어요.
warning-field-repeated = 한 번만 있어야 할 항목이 여러 번 있어요.

# 계정이 안 될 때
trouble-no-server = 메일을 읽을 서버가 정해져 있지 않아요.
trouble-name = ‘{ $host }’이라는 서버를 찾을 수 없어요. 서버 이름과 인터넷 연결을 확인해 주세요.
trouble-connect = { $host } 서버의 { $port }번 포트에 연결할 수 없어요. 인터넷 연결과 포트를 확인해 주세요.
trouble-proxy = 프록시가 연결해 주지 않았어요. 프록시 주소를 확인해 주세요.
trouble-timed-out = { $host } 서버가 제때 대답하지 않았어요. 잠시 뒤 다시 해 보세요.
trouble-lost = { $host } 서버와 연결이 끊겼어요. 잠시 뒤 다시 해 보세요.
trouble-tls = { $host } 서버와 암호화된 연결을 맺지 못했어요. 포트와 보안 방식이 맞는지 확인해 주세요. 993번은 TLS, 143번은 STARTTLS예요.
trouble-certificate = { $host } 서버의 인증서를 믿을 수 없어요. 비밀번호는 보내지 않았어요. 서버 관리자에게 확인한 지문이 아래와 같을 때만 이 인증서를 믿어 주세요.
trouble-fingerprint = 지문(SHA-256): { $sha256 }
trouble-no-encryption = { $host } 서버의 { $port }번 포트에서는 암호화를 쓸 수 없어요. 비밀번호는 보내지 않았어요. 993번 포트(TLS)를 써 보세요.
trouble-interfered = 누군가 암호화된 연결로 바꾸는 과정에 끼어들었어요. 비밀번호는 보내지 않았어요. 다른 네트워크에서 다시 해 보세요.
trouble-no-login = { $host } 서버에는 고요가 쓰는 로그인 방법이 없어요.
trouble-refused = { $host } 서버가 로그인을 받아들이지 않았어요.
trouble-unwilling = { $host } 서버가 지금은 받아들이지 않아요. 잠시 뒤 다시 해 보세요.
trouble-not-imap = { $host } 서버의 { $port }번 포트는 IMAP으로 대답하지 않아요. 서버 이름과 포트를 확인해 주세요.
trouble-no-password = 이 계정의 비밀번호가 저장되어 있지 않아요. 비밀번호를 다시 넣어 주세요.
trouble-secrets = 저장된 비밀번호를 열 수 없어요.
trouble-name-taken = 같은 이름의 계정이 이미 있어요.
trouble-bad-name = 계정 이름에는 /를 쓸 수 없어요.
trouble-gone = 이 계정은 이미 없어졌어요.
trouble-store = 계정을 저장하지 못했어요.
trouble-sign-in = { $provider-local } 메일은 비밀번호로는 읽을 수 없고 웹 로그인이 필요해요. 고요에는 아직 그 방법이 없어요.
trouble-pop3 = { $provider-local } 메일은 IMAP 없이 POP3만 제공해요. 고요는 아직 POP3로 받지 못해요.
trouble-bridge = { $provider-local } 메일은 Proton Mail Bridge를 켜야 읽을 수 있어요. Bridge가 알려 주는 서버와 비밀번호를 직접 넣어 주세요.
trouble-own-program = { $provider-local } 메일은 자기 프로그램으로만 읽을 수 있어요.
trouble-said = 서버의 말: “{ $said }”
trouble-detail = 자세히: { $said }
advice-switch-on = 웹메일에서 IMAP을 켜야 해요: { $provider-local } 메일의 환경설정에서 IMAP/SMTP 사용.
advice-switch-on-somewhere = 웹메일에서 IMAP을 켜야 해요.
advice-app-password = 평소 쓰는 비밀번호가 아니라 앱 비밀번호가 필요해요. { $provider-local } 계정의 보안 설정에서 2단계 인증을 켠 뒤 만들 수 있어요.
advice-app-password-somewhere = 평소 쓰는 비밀번호가 아니라 앱 비밀번호가 필요해요. 계정의 보안 설정에서 만들 수 있어요.
advice-app-password-two-step = { $provider-local }에서 2단계 인증을 쓴다면 앱 비밀번호를 만들어 넣어 주세요.
advice-check-password = 아이디와 비밀번호를 다시 확인해 주세요.
# 계정 추가
account-title = 고요에 오신 것을 환영해요
account-title-more = 계정 추가
account-hint = 메일 서버와 이 컴퓨터가 직접 이야기해요. 비밀번호는 이 컴퓨터에만 저장돼요.
account-sender = 이름
account-sender-hint = 받는사람에게 보일 이름
account-address = 메일 주소
account-address-hint = name@example.com
account-password = 비밀번호
account-user = 사용자 이름
account-imap = 받는 서버(IMAP)
account-smtp = 보내는 서버(SMTP)
account-port = 포트
account-plain = 암호화 안 함
account-plain-warning = 비밀번호와 메일이 그대로 오가요. 이 컴퓨터나 믿을 수 있는 연결에서만 쓰세요.
account-found = { $provider } 메일 설정을 찾았어요.
account-guessed = 서버 이름을 이렇게 짐작했어요: { $servers }. 다르면 직접 설정해 주세요.
account-unsure = 바뀌었을 수 있는 설정이에요. 안 되면 직접 설정해 주세요.
account-switch-on = 웹메일 환경설정에서 IMAP 사용을 먼저 켜 주세요.
account-app-password = 평소 비밀번호 대신 앱 비밀번호를 넣어 주세요.
account-app-password-two-step = 2단계 인증을 쓴다면 앱 비밀번호를 넣어 주세요.
account-by-hand = 직접 설정
account-automatic = 자동 설정
account-cancel = 그만두기
account-leave = 닫기
account-connect = 연결하기
account-connecting = 연결하는 중…
account-trust = 이 인증서를 믿고 다시 연결
account-demo = 체험용 메일함 열기
account-demo-hint = 계정 없이 둘러봐요
account-missing-address = 메일 주소를 넣어 주세요.
account-missing-password = 비밀번호를 넣어 주세요.
account-missing-user = 사용자 이름을 넣어 주세요.
account-missing-host = 서버 이름을 넣어 주세요.
account-missing-port = 포트는 1부터 65535까지의 숫자예요.

# 동기화
sync-connecting = 메일 서버에 연결하는 중…
sync-folder = { $folder } 확인하는 중…
sync-receiving = { $folder } 받는 중 { $done } / { $all }
sync-left-moment = 곧 끝나요
sync-left-minutes = 약 { $minutes }분 남음
sync-left-hours = 약 { $hours }시간 남음
sync-in-step = 동기화 완료
sync-offline = 오프라인이에요. 연결되면 이어서 받아요.
sync-trouble = 동기화하지 못한 것이 있어요: { $why }
notify-new = 새 메일 { $count }통
notify-hidden = 새 메일이 왔어요
notify-shown = 알림에 제목 표시
notify-not-shown = 알림에 제목 숨김
