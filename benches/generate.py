#!/usr/bin/env python3
"""Write a mailbox of made-up letters that has the shape of a real one.

    benches/generate.py OUT [--letters N] [--seed S] [--format maildir|mbox]
                        [--stats] [--processes P]

The same N and seed give the same bytes, whatever the number of processes.
What is copied from real mail is its shape: log-normal sizes (median about
4 kB, mean about 10 kB), reply threads with branches, quoting, signatures,
list and delivery headers, HTML newsletters with pictures and pixels,
attachments, old East Asian charsets, a Zipf-distributed vocabulary, and how
well a letter compresses (about 3.3:1 by deflate, printed by --stats).
The words themselves are made from the tables below. Every host is under
`.example`, so that nothing real is addressed.
"""

import argparse
import base64
import binascii
import math
import multiprocessing
import random
import re
import sys
import time
import zlib
from bisect import bisect
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import accumulate, pairwise
from pathlib import Path
from urllib.parse import quote

BLOCK = 1000  # letters made together; threads live inside a block
FIRST_DAY = datetime(2014, 7, 1, tzinfo=timezone.utc)
DAYS = 12 * 365
OWNER = ("Haneul Yoon", "haneul@mailbox.example")
FLAGS = [("S", 62), ("RS", 18), ("FS", 3), ("PS", 2), ("FRS", 1), ("", 14)]

# ---------------------------------------------------------------- word tables

ENGLISH = (
    "the of to and a in is it that for you this on be with as not have are or "
    "if but at from we can i by an will was so there they would do all which "
    "one what about when your some has more like no my out just then should "
    "use any also how only up other see than their use could been get into "
    "time new who its now make does work need two these think first after "
    "where know same even because most over such here way why very them had "
    "were our still before too much problem change code list thanks please "
    "good right want find look may same must each through while being again "
    "used without between both since set might those under never last back "
    "case different people another however something better seems maybe "
    "anyone sure point question answer version release file line test build "
    "run fix issue patch review send mail message reply attached meeting "
    "report week today tomorrow schedule order account number available "
    "support team project update request details below above wrote said "
    "really probably actually already instead though perhaps least far long "
    "small large next second every many few less own part kind lot end"
).split()

ONSETS = (
    "b c d f g h j k l m n p r s t v w z br cr dr fr gr pr tr bl cl fl gl "
    "pl sl st sp sk sc sh ch th qu"
).split()
NUCLEI = "a e i o u a e i o u ai ea ee io ou oa ie".split()
CODAS = ["", "", "", "", "n", "r", "s", "t", "l", "m", "d", "ck", "nd", "nt", "st", "rt", "ng", "x"]
SUFFIXES = ("ing ed er ly tion ment ness al ive ous s es able ism ist ity ate ize ic ance").split()
ACCENTS = str.maketrans("aeioun", "áéíöüñ")
UNACCENT = str.maketrans("áéíöüñ", "aeioun")

KOREAN_NOUNS = (
    "회의 일정 자료 보고서 고객 서비스 시스템 개발 환경 설정 서버 문서 프로젝트 계획 결과 확인 "
    "요청 변경 사항 검토 의견 담당자 부서 팀장 사용자 계정 비밀번호 주문 배송 결제 상품 행사 할인 "
    "쿠폰 회원 가입 안내 공지 신청 접수 기간 장소 시간 내용 방법 문제 오류 원인 해결 지원 교육 학교 "
    "학생 연구 논문 발표 평가 예산 비용 계약 견적 거래처 회사 직원 대표 사무실 출장 휴가 점심 저녁 "
    "약속 주말 가족 친구 여행 사진 영화 음악 책 신문 기사 방송 정부 정책 법률 세금 은행 대출 이자 "
    "금리 주식 투자 시장 경제 산업 기술 데이터 분석 모델 학습 성능 속도 메모리 화면 버튼 메뉴 파일 "
    "폴더 메일 첨부 링크 주소 전화 번호 오늘 내일 어제 이번 다음 지난 우리 저희 제가 여러분 생각 "
    "부분 경우 정도 때문 관련 대한 이상 이하 처음 마지막 아침 오전 오후 월요일 화요일 수요일 목요일 "
    "금요일 건강 병원 의사 약 날씨 비 눈 바람 길 집 방 문 물 밥 커피 차 버스 지하철 기차 비행기 "
    "공항 호텔 예약 취소 환불 교환 문의 답변 게시판 댓글 공유 저장 삭제 복사 인쇄 번역 언어 한국어 "
    "영어 글자 문장 단어 사전 도서관 박물관 공원 산 바다 강 하늘 나무 꽃 고양이 강아지 마음 사람 "
    "아이 어른 부모님 선생님 선배 후배 동료 이웃 손님 주인 나라 도시 마을 서울 부산 대구 인천 광주 "
    "대전 제주 판교 강남 종로 여의도"
).split()
SINO = list(
    "가각간감강개거건검격결경계고공과관교구국군권규금급기내농단대도동등력로류률리명모목무문물"
    "미민반발방배법변별병보복본부북분비사산상생서석선설성세소속수술시식신실심안약양업역연영예"
    "용운원위유육은음의이인일임입자작장재적전절정제조종주중증지직진질집차착창책처천철체초총추출취치"
    "통투특판편평표품피필하학한합해행향험현형호화환활회획효후"
)
# After a closed syllable, after an open one.
PARTICLES = [
    (("은", "는"), 16),
    (("이", "가"), 16),
    (("을", "를"), 18),
    (("과", "와"), 5),
    (("으로", "로"), 7),
    (("이나", "나"), 2),
    (("이라는", "라는"), 1),
    (("의", "의"), 11),
    (("에", "에"), 11),
    (("에서", "에서"), 7),
    (("도", "도"), 5),
    (("만", "만"), 3),
    (("까지", "까지"), 2),
    (("부터", "부터"), 2),
    (("에게", "에게"), 1),
    (("보다", "보다"), 1),
    (("처럼", "처럼"), 1),
    (("에는", "에는"), 2),
    (("에서는", "에서는"), 1),
    (("마다", "마다"), 1),
    (("들이", "들이"), 1),
    (("들을", "들을"), 1),
    (("", ""), 22),
]
VERB_ENDINGS = (
    "합니다 했습니다 됩니다 되었습니다 하겠습니다 해주세요 해야 합니다 할 예정입니다 "
    "부탁드립니다 드립니다 중입니다 바랍니다 하시기 바랍니다 했어요 할게요 했는데요"
).split()
LINKING = "하고 하는 하며 해서 하지만 하면 할 한 하기 되는 된 될 되어 하려면 했던 하여".split()
NATIVE_VERBS = (
    "있습니다 없습니다 같습니다 보냈습니다 받았습니다 감사합니다 모르겠습니다 좋겠습니다 "
    "알겠습니다 아닙니다 많습니다 어렵습니다 가능합니다 맞습니다 왔습니다 갔어요 먹었어요 "
    "봤어요 들었습니다 만들었습니다 바꿨습니다 열렸습니다 놓쳤습니다 기다리겠습니다"
).split()
ADVERBS = (
    "그리고 그런데 하지만 그래서 또한 만약 아마 매우 조금 많이 다시 바로 이미 아직 "
    "특히 역시 먼저 함께 계속 잘 더 못 안 꼭 모두 거의 자주 가끔 천천히 빨리"
).split()
KOREAN_SURNAMES = "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍".split()
KOREAN_GIVEN = "민 서 지 현 준 우 영 수 진 은 하 윤 도 예 재 성 혜 연 태 경 승 미 나 유 원".split()

JAPANESE_NOUNS = (
    "会議 資料 報告 顧客 開発 環境 設定 文書 計画 結果 確認 依頼 変更 検討 意見 担当 部署 利用者 "
    "注文 配送 商品 割引 会員 案内 期間 場所 時間 内容 方法 問題 原因 解決 教育 学校 研究 論文 発表 "
    "予算 契約 見積 会社 社員 出張 休暇 約束 週末 家族 友人 旅行 写真 映画 音楽 新聞 政府 法律 税金 "
    "銀行 市場 経済 技術 分析 学習 性能 速度 画面 住所 電話 番号 今日 明日 昨日 来週 東京 大阪 京都 "
    "サーバ メール ファイル データ システム ユーザ プロジェクト テスト バージョン エラー リンク ページ"
).split()
JAPANESE_PARTICLES = "は が を に で と の も から まで より へ の を に は".split()
JAPANESE_VERBS = (
    "します しました してください しています できます できません なりました お願いします "
    "あります ありません と思います いただけますか ございます 致しました です でした"
).split()
CHINESE_WORDS = (
    "会议 资料 报告 客户 服务 系统 开发 环境 设置 文件 项目 计划 结果 确认 请求 修改 内容 意见 部门 "
    "用户 账号 密码 订单 配送 商品 活动 优惠 会员 通知 申请 时间 地点 方法 问题 错误 原因 解决 支持 "
    "教育 学校 学生 研究 论文 预算 费用 合同 公司 员工 办公室 出差 假期 周末 家庭 朋友 旅行 照片 "
    "电影 音乐 新闻 政府 法律 银行 市场 经济 技术 数据 分析 模型 学习 性能 速度 屏幕 地址 电话 号码 "
    "今天 明天 昨天 我们 你们 他们 需要 可以 已经 如果 因为 所以 但是 或者 以及 进行 使用 提供 包括 "
    "北京 上海 广州 深圳 非常 感谢 收到 回复 附件 请 查看 关于 这个 那个 没有 应该 可能"
).split()
CHINESE_TRADITIONAL = (
    "會議 資料 報告 客戶 服務 系統 開發 環境 設定 檔案 專案 計畫 結果 確認 請求 修改 內容 意見 部門 "
    "使用者 帳號 密碼 訂單 商品 活動 優惠 會員 通知 申請 時間 地點 方法 問題 錯誤 原因 解決 支援 教育 "
    "學校 學生 研究 論文 預算 費用 公司 員工 出差 假期 週末 家庭 朋友 旅行 照片 電影 音樂 新聞 政府 "
    "法律 銀行 市場 經濟 技術 資訊 分析 模型 學習 速度 地址 電話 號碼 今天 明天 我們 需要 可以 已經 "
    "如果 因為 所以 但是 臺北 高雄 非常 感謝 收到 回覆 附件 請 查看 關於"
).split()

# ------------------------------------------------------------------ vocabulary


def below(rng: random.Random, n: int) -> int:
    """`rng.randrange(n)`, several times as fast."""
    return int(rng.random() * n)


class Weighted:
    """Draws from (item, weight) pairs."""

    def __init__(self, pairs):
        self.items = [item for item, _ in pairs]
        self.sums = list(accumulate(weight for _, weight in pairs))

    def draw(self, rng: random.Random):
        return self.items[bisect(self.sums, rng.random() * self.sums[-1])]


class Pool:
    """Words drawn beforehand from a Zipf distribution, handed out at C speed.

    A take is a slice with a random start and stride, so that letters do not
    share sequences of words although drawing costs next to nothing.
    """

    def __init__(self, tokens: list[str]):
        self.tokens = tokens

    def take(self, rng, count: int) -> list[str]:
        stride = 1 + below(rng, min(4000, len(self.tokens) // count - 1))
        start = below(rng, len(self.tokens) - count * stride)
        return self.tokens[start : start + count * stride : stride]

    def one(self, rng) -> str:
        return self.tokens[below(rng, len(self.tokens))]


def zipf(rng, words, size: int, exponent=1.1, shift=2.7) -> Pool:
    sums = list(accumulate((rank + shift) ** -exponent for rank in range(len(words))))
    return Pool(rng.choices(words, cum_weights=sums, k=size))


def latin_words(rng, count: int) -> list[str]:
    words, seen = list(dict.fromkeys(ENGLISH)), set(ENGLISH)
    while len(words) < count:
        rank = len(words)
        syllables = 1 + (rank > 400) + (rank > 6000 and rng.random() < 0.6)
        word = "".join(rng.choice(ONSETS) + rng.choice(NUCLEI) for _ in range(syllables))
        word += rng.choice(CODAS)
        if rng.random() < 0.35:
            word += rng.choice(SUFFIXES)
        if rank > 1000 and rng.random() < 0.003:
            word = word.translate(ACCENTS)
        if len(word) > 2 and word not in seen:
            seen.add(word)
            words.append(word)
    return words


def with_particle(noun: str, pair: tuple[str, str]) -> str:
    final = (ord(noun[-1]) - 0xAC00) % 28
    # ㄹ takes 로, like an open syllable.
    closed = final != 0 and not (final == 8 and pair[1] == "로")
    return noun + pair[0 if closed else 1]


def korean_pools(rng, size: int) -> tuple[Pool, Pool]:
    made = [a + b for a in SINO for b in SINO if a != b]
    rng.shuffle(made)
    nouns = KOREAN_NOUNS + made[:5000]
    stems = zipf(rng, nouns, size, 1.0)
    particles = Weighted(PARTICLES)
    phrase = []
    for stem in stems.tokens:
        roll = rng.random()
        if roll < 0.16:
            stem += stems.one(rng)  # a compound: its parts are found mid-word
        if roll > 0.93:
            phrase.append(rng.choice(ADVERBS))
        elif roll > 0.80:
            phrase.append(stem + rng.choice(LINKING))
        else:
            phrase.append(with_particle(stem, particles.draw(rng)))
    endings = [
        rng.choice(NATIVE_VERBS)
        if rng.random() < 0.4
        else stems.one(rng) + rng.choice(VERB_ENDINGS)
        for _ in range(size // 16)
    ]
    return Pool(phrase), Pool(endings)


@dataclass(frozen=True)
class Person:
    name: str
    address: str
    korean: bool
    signature: str


@dataclass(frozen=True)
class Shop:
    name: str
    address: str
    domain: str
    korean: bool
    colour: str
    footer: list[str]


class World:
    """Everything that letters draw from: the same for every block of a seed."""

    def __init__(self, seed: int):
        rng = random.Random(f"world {seed}")
        words = latin_words(rng, 60_000)
        self.latin_words = words
        self.latin = zipf(rng, words, 1 << 21)
        # Real prose repeats turns of phrase: a third of the tokens are such.
        turns = [
            " ".join(words[min(below(rng, 60), below(rng, 900))] for _ in range(2 + below(rng, 4)))
            for _ in range(3000)
        ]
        self.latin.tokens[::3] = zipf(rng, turns, len(self.latin.tokens[::3]), 0.8).tokens
        self.korean, self.korean_ends = korean_pools(rng, 1 << 19)
        self.people = [self.person(rng, korean=i % 5 < 2) for i in range(600)]
        self.person_weights = list(accumulate((i + 3) ** -0.9 for i in range(600)))
        self.lists = [
            f"{rng.choice(words[300:3000])}-{suffix}".translate(UNACCENT)
            for suffix in ("dev", "users", "devel", "discuss", "announce", "bugs")
            for _ in range(7)
        ]
        self.logs = [" ".join(rng.choices(words[200:4000], k=5)) for _ in range(300)]
        self.identifiers = [
            "_".join(rng.choices(words[150:5000], k=1 + below(rng, 3))) for _ in range(4000)
        ]
        self.shops = [self.shop(rng, i) for i in range(70)]

    def person(self, rng, korean: bool):
        first, last = (rng.choice(self.latin_words[400:6000]) for _ in range(2))
        domain = f"{rng.choice(self.latin_words[400:2500])}.example"
        if korean:
            name = rng.choice(KOREAN_SURNAMES) + "".join(rng.sample(KOREAN_GIVEN, 2))
        else:
            name = f"{first.capitalize()} {last.capitalize()}"
        local = rng.choice((f"{first}.{last}", first, f"{first[0]}{last}", f"{first}{last[:2]}"))
        address = f"{local}@{domain}".translate(UNACCENT)
        return Person(name, address, korean, self.signature(rng, name, address))

    def signature(self, rng, name, address) -> str:
        roll = rng.random()
        if roll < 0.45:
            return name.split()[0]
        lines = [
            name,
            f"{rng.choice(self.latin_words[300:900]).capitalize()} "
            f"{rng.choice(('Team', 'Lab', 'Inc.', 'GmbH', 'University'))}",
        ]
        if not name.isascii():
            lines[1] = f"{rng.choice(KOREAN_NOUNS)}{rng.choice(KOREAN_NOUNS)} 주식회사"
        if roll > 0.7:
            lines.append(
                f"{address} | +82-2-{rng.randrange(1000, 9999)}-{rng.randrange(1000, 9999)}"
            )
        if roll > 0.85:
            lines.append(" ".join(rng.choices(self.latin_words[:2000], k=14)))
        return "-- \n" + "\n".join(lines)

    def shop(self, rng, number: int):
        korean = number % 3 == 0
        label = rng.choice(self.latin_words[300:3000]).translate(UNACCENT)
        name = (
            rng.choice(KOREAN_NOUNS) + rng.choice(("마켓", "몰", "은행", "뉴스", "카드"))
            if korean
            else f"{label.capitalize()} {rng.choice(('Weekly', 'Store', 'News', 'Shop'))}"
        )
        colour = f"#{rng.randrange(1 << 24):06x}"
        return Shop(
            name,
            f"news@{label}.example",
            f"{label}.example",
            korean,
            colour,
            sentence_list(self, rng, "ko" if korean else "en", 4),
        )

    def someone(self, rng, korean: bool | None = None):
        while True:
            person = self.people[
                bisect(self.person_weights, rng.random() * self.person_weights[-1])
            ]
            if korean is None or person.korean == korean or rng.random() < 0.1:
                return person


# ------------------------------------------------------------------------ text


def rare_token(world, rng) -> str:
    """What makes every mailbox's vocabulary grow: numbers, hashes, paths, links."""
    roll = rng.random()
    if roll < 0.35:
        return str(int(10 ** (rng.random() * 5)))
    if roll < 0.50:
        return f"{below(rng, 12)}.{below(rng, 40)}.{below(rng, 20)}"
    if roll < 0.62:
        return f"{rng.getrandbits(48):012x}"
    if roll < 0.76:
        return f"{rng.choice(world.identifiers)}.{rng.choice(('c', 'rs', 'py', 'txt', 'h'))}"
    if roll < 0.90:
        return rng.choice(world.identifiers) + "()"
    return (
        f"https://{rng.choice(world.lists)}.example/{rng.choice(world.identifiers)}/"
        f"{below(rng, 90000)}"
    )


def sentence(world, rng, language: str, topic: list[str]) -> str:
    count = 4 + below(rng, 14)
    if language == "en":
        words = world.latin.take(rng, count)
        # A letter keeps coming back to the words of its subject.
        slot = below(rng, 4)
        words[slot::4] = [topic[below(rng, len(topic))] for _ in words[slot::4]]
        if rng.random() < 0.22:
            words[-1] = rare_token(world, rng)
        text = " ".join(words)
        return text[0].upper() + text[1:] + ("." if rng.random() < 0.88 else "?")
    if language == "ko":
        words = world.korean.take(rng, 2 + count // 2)
        slot = below(rng, 4)
        words[slot::4] = [topic[below(rng, len(topic))] for _ in words[slot::4]]
        words.append(world.korean_ends.one(rng))
        if rng.random() < 0.18:
            words.insert(
                below(rng, 3),
                rare_token(world, rng) if rng.random() < 0.5 else world.latin.one(rng),
            )
        return " ".join(words) + "."
    if language == "ja":
        parts = [
            rng.choice(JAPANESE_NOUNS) + rng.choice(JAPANESE_PARTICLES)
            for _ in range(2 + count // 3)
        ]
        return "".join(parts) + rng.choice(JAPANESE_VERBS) + "。"
    table = CHINESE_TRADITIONAL if language == "tw" else CHINESE_WORDS
    words = [rng.choice(table) for _ in range(count)]
    words.insert(1 + count // 2, "，")
    return "".join(words) + "。"


def sentence_list(world, rng, language, count, topic=None) -> list[str]:
    topic = topic or make_topic(world, rng, language)
    return [sentence(world, rng, language, topic) for _ in range(count)]


def make_topic(world, rng, language: str) -> list[str]:
    if language == "en":
        return rng.sample(world.latin_words[120:9000], 12)
    if language == "ko":
        return world.korean.take(rng, 12)
    return [""]


def wrap(text: str, width: int) -> list[str]:
    """Greedy wrapping at spaces; text without spaces is cut."""
    lines, at, end = [], 0, len(text)
    while end - at > width:
        space = text.rfind(" ", at, at + width + 1)
        if space <= at:
            lines.append(text[at : at + width])
            at += width
        else:
            lines.append(text[at:space])
            at = space + 1
    lines.append(text[at:])
    return lines


WIDTH = {"en": 72, "ko": 38, "ja": 36, "zh": 36, "tw": 36}
BYTES_PER_CHAR = {"en": 1.0, "ko": 2.5, "ja": 3.0, "zh": 3.0, "tw": 3.0}


def prose(world, rng, language: str, topic, size: int) -> list[str]:
    """Lines of paragraphs, about `size` bytes in UTF-8."""
    lines: list[str] = []
    left = size / BYTES_PER_CHAR.get(language, 2.0)
    while left > 0:
        paragraph = []
        for _ in range(1 + below(rng, 5)):
            now = language
            if language == "mix":
                now = ("ko", "en", "ko", "en", "ja")[below(rng, 5)]
            paragraph.append(sentence(world, rng, now, topic[now] if language == "mix" else topic))
            left -= len(paragraph[-1])
            if left <= 0:
                break
        lines += wrap(" ".join(paragraph), WIDTH.get(language, 60))
        lines.append("")
    return lines


def machine_text(world, rng, size: int) -> list[str]:
    """A patch, a log or a table: what the large text letters of lists are."""
    names = rng.sample(world.identifiers, 24)
    lines, left = [], size
    kind = below(rng, 3)
    if kind == 0:
        sign = " +-  + "
        shapes = [
            f"\t{{}}->{names[0]} = {{}}({names[1]}, {{}});",
            "\tif ({} == {})",
            "\t\treturn {}({}, {});",
            "\t{} = {} + {};",
            "",
            "\t}}",
            f"static int {{}}(struct {names[2]} *{{}})",
            "{{",
            "\t/* {} {} {} */",
        ]
        while left > 0:
            if rng.random() < 0.04:
                a, b = below(rng, 900), 3 + below(rng, 20)
                lines.append(f"@@ -{a},{b} +{a},{b + below(rng, 9)} @@ {names[below(rng, 24)]}")
            shape = shapes[below(rng, len(shapes))]
            words = [names[below(rng, 24)] for _ in range(3)]
            lines.append(sign[below(rng, 7)] + shape.format(*words))
            left -= len(lines[-1]) + 1
    elif kind == 1:
        host, at = names[0], below(rng, 80000)
        day = f"{MONTHS[below(rng, 12)]} {1 + below(rng, 28):2}"
        patterns = rng.sample(world.logs, 9)
        while left > 0:
            at += below(rng, 40)
            lines.append(
                f"{day} {at // 3600 % 24:02}:{at // 60 % 60:02}:{at % 60:02} {host} "
                f"{names[1 + below(rng, 5)]}[{1000 + below(rng, 40)}]: "
                f"{patterns[below(rng, 9)]} {below(rng, 10000)}"
            )
            left -= len(lines[-1]) + 1
    else:
        row = 0
        while left > 0:
            row += 1
            lines.append(
                f"{row:5} | {names[below(rng, 24)]:<24} | {rng.random() * 900:9.2f} | "
                f"{names[below(rng, 9)]:<20} | ok"
            )
            left -= len(lines[-1]) + 1
    lines.append("")
    return lines


# ------------------------------------------------------------------------ HTML

PERSONAL_STYLE = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    '<style type="text/css">P {{margin-top:0;margin-bottom:0;}} p.MsoNormal, li.MsoNormal, '
    'div.MsoNormal {{margin:0cm; font-size:10.0pt; font-family:"맑은 고딕",sans-serif;}}'
    '</style></head>\n<body lang="EN-US" link="#0563C1" vlink="#954F72">\n<div dir="ltr">\n'
)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def personal_html(lines: list[str], charset: str) -> str:
    out = [PERSONAL_STYLE.format(charset=charset if charset != "us-ascii" else "utf-8")]
    depth = 0
    for line in lines:
        if line.startswith(">"):
            if depth == 0:
                out.append(
                    '<blockquote type="cite" style="margin:0 0 0 .8ex;'
                    'border-left:1px #ccc solid;padding-left:1ex">'
                )
            depth, line = 1, line.lstrip("> ")
        elif depth and line:
            out.append("</blockquote>")
            depth = 0
        out.append(
            f'<p class="MsoNormal"><span lang="EN-US" style="font-size:10.0pt;'
            f'font-family:Calibri,sans-serif;color:#1F497D">'
            f"{escape(line) or '&nbsp;'}<o:p></o:p></span></p>"
        )
    out.append(("</blockquote>\n" if depth else "") + "</div>\n</body></html>\n")
    return "\n".join(out)


def newsletter_html(world, rng, shop, language, topic, size: int, charset: str) -> str:
    """Tables inside tables, inline styles, pictures, tracked links and pixels."""
    campaign = f"{rng.getrandbits(40):010x}"
    reader = f"{rng.getrandbits(64):016x}"
    base = f"https://click.{shop.domain}/c/{campaign}/{reader}"
    cell = (
        'style="font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:22px;'
        f'color:{shop.colour};padding:8px 16px;"'
    )
    out = [
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">\n<html><head>'
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"/>'
        f"<title>{escape(shop.name)}</title>\n<style>@media only screen and (max-width:600px)"
        "{.w{width:100%!important}.h{display:none!important}} a{text-decoration:none}"
        "</style></head>\n"
        '<body bgcolor="#f4f4f4" style="margin:0;padding:0;">\n'
        '<table width="100%" border="0" cellpadding="0" cellspacing="0" bgcolor="#f4f4f4"><tr>'
        '<td align="center">\n<table class="w" width="600" border="0" cellpadding="0" '
        'cellspacing="0" bgcolor="#ffffff">'
    ]
    left = size - len(out[0]) - 900
    item = 0
    while left > 0:
        item += 1
        text = " ".join(sentence_list(world, rng, language, 1 + below(rng, 2), topic))
        head = sentence(world, rng, language, topic)
        out.append(
            f'<tr><td {cell} width="220" valign="top"><a href="{base}/{item}">'
            f'<img src="https://img.{shop.domain}/{campaign}/{item}.jpg" width="220" height="140" '
            f'border="0" alt="{escape(head[:24])}" style="display:block"/></a></td>\n'
            f'<td {cell} valign="top"><a href="{base}/{item}" style="color:{shop.colour}"><b>'
            f"{escape(head)}</b></a><br/>{escape(text)}</td></tr>\n"
            f'<tr><td class="h" colspan="2" height="16" style="font-size:1px;line-height:16px;'
            f'border-bottom:1px solid #e4e4e4;mso-line-height-rule:exactly;">&nbsp;</td></tr>'
        )
        left -= len(out[-1].encode())
    out.append(
        f'<tr><td colspan="2" {cell}>{escape(" ".join(shop.footer))}<br/>'
        f'<a href="https://{shop.domain}/unsubscribe?u={reader}">'
        f"{'수신거부' if shop.korean else 'Unsubscribe'}</a></td></tr></table>"
    )
    if rng.random() < 0.8:
        out.append(
            f'<img src="https://open.{shop.domain}/o/{campaign}/{reader}.gif" width="1" '
            f'height="1" alt="" style="display:none"/>'
        )
    out.append("</td></tr></table>\n</body></html>\n")
    return "\n".join(out)


# -------------------------------------------------------------------- encoding

CHARSETS = {
    "en": Weighted(
        [
            (("us-ascii", "7bit"), 48),
            (("utf-8", "8bit"), 22),
            (("utf-8", "quoted-printable"), 20),
            (("iso-8859-1", "8bit"), 4),
            (("iso-8859-1", "quoted-printable"), 4),
            (("utf-8", "base64"), 2),
        ]
    ),
    "ko": Weighted(
        [
            (("utf-8", "8bit"), 52),
            (("utf-8", "base64"), 14),
            (("euc-kr", "8bit"), 12),
            (("euc-kr", "base64"), 5),
            (("ks_c_5601-1987", "8bit"), 5),
            (("utf-8", "quoted-printable"), 9),
            (("iso-2022-kr", "7bit"), 3),
        ]
    ),
    "ja": Weighted(
        [
            (("iso-2022-jp", "7bit"), 50),
            (("utf-8", "8bit"), 25),
            (("utf-8", "base64"), 13),
            (("shift_jis", "8bit"), 12),
        ]
    ),
    "zh": Weighted(
        [
            (("utf-8", "8bit"), 35),
            (("gb2312", "8bit"), 20),
            (("gbk", "base64"), 15),
            (("gb18030", "base64"), 10),
            (("utf-8", "base64"), 20),
        ]
    ),
    "tw": Weighted([(("big5", "8bit"), 40), (("big5", "base64"), 20), (("utf-8", "8bit"), 40)]),
    "mix": Weighted(
        [(("utf-8", "8bit"), 60), (("utf-8", "quoted-printable"), 20), (("utf-8", "base64"), 20)]
    ),
}
CODEC = {"ks_c_5601-1987": "cp949", "iso-2022-kr": "iso2022_kr", "iso-2022-jp": "iso2022_jp"}


def encode_body(text: str, charset: str, transfer: str) -> tuple[bytes, str, str]:
    """The bytes of a text part, and the charset and encoding really used."""
    try:
        raw = text.encode(CODEC.get(charset, charset))
    except UnicodeEncodeError:
        charset = "utf-8"
        raw = text.encode()
        if transfer == "7bit":
            transfer = "8bit"
    if transfer == "base64":
        return base64_lines(raw), charset, transfer
    if transfer == "quoted-printable":
        return binascii.b2a_qp(raw, istext=True) + b"\n", charset, transfer
    return raw, charset, transfer


def base64_lines(raw: bytes) -> bytes:
    flat = binascii.b2a_base64(raw, newline=False)
    return b"\n".join([flat[i : i + 76] for i in range(0, len(flat), 76)]) + b"\n"


def encode_words(text: str, charset: str, as_q: bool = False) -> str:
    """RFC 2047, folded, never split inside a character."""
    if text.isascii():
        return text
    codec = CODEC.get(charset, charset)
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        charset = codec = "utf-8"
    if charset in ("us-ascii", "iso-2022-kr"):
        charset = codec = "utf-8"
    step = 12 if as_q else 14
    words = []
    for at in range(0, len(text), step):
        raw = text[at : at + step].encode(codec)
        if as_q:
            body = "".join(
                chr(b)
                if 48 <= b <= 57 or 65 <= b <= 90 or 97 <= b <= 122
                else "_"
                if b == 32
                else f"={b:02X}"
                for b in raw
            )
            words.append(f"=?{charset}?Q?{body}?=")
        else:
            words.append(f"=?{charset}?B?{base64.b64encode(raw).decode()}?=")
    return "\n ".join(words)


def mailbox(name: str, address: str, charset: str) -> str:
    if name.isascii():
        return f"{name} <{address}>"
    return f"{encode_words(name, charset)} <{address}>"


def random_text(rng, bytes_: int, width: int = 68) -> str:
    flat = base64.b64encode(rng.randbytes(bytes_)).decode()
    return "\n\t".join(flat[i : i + width] for i in range(0, len(flat), width))


# ----------------------------------------------------------------- attachments

FILE_KINDS = Weighted(
    [
        (("application/pdf", "pdf"), 20),
        (("image/jpeg", "jpg"), 11),
        (("image/png", "png"), 8),
        (("application/zip", "zip"), 4),
        (("application/x-hwp", "hwp"), 10),
        (("application/vnd.ms-excel", "xls"), 8),
        (("text/csv", "csv"), 12),
        (("text/plain", "log"), 9),
        (("text/x-patch", "patch"), 22),
    ]
)
PACKED = {"jpg": 0.95, "zip": 1.0, "png": 0.9, "pdf": 0.4, "hwp": 0.35, "xls": 0.1}


def attachment(world, rng, language: str, size: int) -> tuple[str, bytes]:
    """A part's header (without the closing blank line) and its body."""
    kind, extension = FILE_KINDS.draw(rng)
    if extension in PACKED:
        # Documents are partly packed streams and partly plain structure.
        size = size * 3 // 4
        packed = rng.randbytes(int(size * PACKED[extension]))
        plain = (
            "\n".join(machine_text(world, rng, size - len(packed))).encode()
            if len(packed) < size
            else b""
        )
        transfer, body = "base64", base64_lines(packed + plain)
    else:
        lines = machine_text(world, rng, size if extension == "patch" else size * 3 // 4)
        raw = "\n".join(lines).encode()
        transfer, body = (
            ("7bit", raw)
            if extension == "patch" and raw.isascii()
            else ("base64", base64_lines(raw))
        )
    if language in ("ko", "mix") and rng.random() < 0.8:
        first, second, third = rng.choices(KOREAN_NOUNS, k=3)
        name = f"{first}_{second} {third}{below(rng, 90)}.{extension}"
    else:
        name = f"{rng.choice(world.identifiers)}-{below(rng, 900)}.{extension}".translate(UNACCENT)
    return file_header(rng, kind, name, transfer), body


def file_header(rng, kind: str, name: str, transfer: str) -> str:
    if name.isascii():
        type_field, disposition = f'{kind}; name="{name}"', f'attachment; filename="{name}"'
    else:
        roll = rng.random()
        if roll < 0.45:
            type_field = kind
            disposition = f"attachment;\n filename*=UTF-8''{quote(name)}"
        elif roll < 0.65:  # continued over several parameters
            coded = f"UTF-8''{quote(name)}"
            pieces = [coded[i : i + 48] for i in range(0, len(coded), 48)]
            # A piece may not end inside a percent triplet.
            for i in range(len(pieces) - 1):
                cut = re.search(r"%[0-9A-F]?$", pieces[i])
                if cut:
                    pieces[i], pieces[i + 1] = pieces[i][: cut.start()], cut.group() + pieces[i + 1]
            type_field = kind
            disposition = "attachment;" + ";".join(
                f"\n filename*{i}*={piece}" for i, piece in enumerate(pieces)
            )
        else:  # against RFC 2231, and yet the commonest form in Korea
            coded = encode_words(name, rng.choice(("utf-8", "euc-kr")))
            type_field = f'{kind};\n name="{coded}"'
            disposition = f'attachment;\n filename="{coded}"'
    return (
        f"Content-Type: {type_field}\nContent-Transfer-Encoding: {transfer}\n"
        f"Content-Disposition: {disposition}\n"
    )


# --------------------------------------------------------------------- letters

LANGUAGES = Weighted([("en", 55), ("ko", 35), ("mix", 4), ("ja", 3), ("zh", 2), ("tw", 1)])
ZONES = {
    "en": (0, -300, -480, 60, 120, 540),
    "ko": (540,),
    "mix": (540,),
    "ja": (540,),
    "zh": (480,),
    "tw": (480,),
}
DAY_NAMES = "Mon Tue Wed Thu Fri Sat Sun".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
AGENTS = [
    "Mozilla Thunderbird",
    "Mutt/1.14.6 (2020-07-11)",
    "Apple Mail (2.3654.60.0.2.21)",
    "Microsoft Outlook 16.0",
    "Evolution 3.38.3-1",
    "KMail/5.15.3",
    "Roundcube Webmail/1.4.11",
]


@dataclass(frozen=True)
class Parent:
    """What a reply needs to know of the letter it answers."""

    message_id: str
    references: list[str]
    subject: str
    language: str
    topic: list[str] | dict[str, list[str]]
    channel: str | None
    author: Person
    depth: int
    lines: list[str]
    when: datetime


def rfc5322_date(when: datetime, minutes: int) -> str:
    local = when + timedelta(minutes=minutes)
    sign = "-" if minutes < 0 else "+"
    return (
        f"{DAY_NAMES[local.weekday()]}, {local.day} {MONTHS[local.month - 1]} {local.year} "
        f"{local.hour:02}:{local.minute:02}:{local.second:02} "
        f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    )


def received(rng, when: datetime, sender_domain: str, list_host: str | None) -> str:
    hops = [f"mail.{sender_domain}", f"mx{1 + below(rng, 4)}.{sender_domain}"]
    if list_host:
        hops += [f"{list_host}", f"out{1 + below(rng, 3)}.{list_host}"]
    hops += ["mx.mailbox.example", "store.mailbox.example"][: 1 + (rng.random() < 0.8)]
    lines, at = [], when
    for origin, target in pairwise(hops):
        at += timedelta(seconds=1 + below(rng, 4))
        address = f"203.0.113.{1 + below(rng, 254)}"
        lines.append(
            f"Received: from {origin} ({origin} [{address}])\n"
            f"\tby {target} (Postfix) with {'ESMTPS' if rng.random() < 0.8 else 'ESMTP'} "
            f"id {rng.getrandbits(44):011X}\n"
            f"\tfor <{OWNER[1]}>; {rfc5322_date(at, 0)}"
        )
    return "\n".join(reversed(lines))


def signatures(rng, domain: str, when: datetime) -> str:
    return (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s{when.year};\n"
        f"\tt={int(when.timestamp())}; h=from:from:reply-to:subject:subject:date:date:\n"
        "\t message-id:message-id:to:to:cc:mime-version:mime-version:content-type;\n"
        f"\tbh={base64.b64encode(rng.randbytes(32)).decode()};\n"
        f"\tb={random_text(rng, 128)}\n"
    )


def results(domain: str, address: str, list_host: str | None) -> str:
    dkim = "pass" if not list_host else "fail (body hash mismatch)"
    return (
        f"Authentication-Results: mx.mailbox.example;\n\tdkim={dkim} header.d={domain};\n"
        f"\tspf=pass (mx.mailbox.example: domain of {address} designates sender) "
        f"smtp.mailfrom={address};\n\tdmarc=pass (p=NONE) header.from={domain}\n"
    )


class Block:
    """One run of consecutive letters, made from a generator of its own."""

    def __init__(self, world, seed: int, number: int, first: int, count: int, total: int):
        self.world = world
        self.rng = random.Random(f"block {seed} {total} {number}")
        self.first, self.count, self.total, self.seed = first, count, total, seed
        self.recent: list[Parent] = []
        self.tally = {"html": 0, "attachment": 0, "reply": 0, "depth": 0}
        self.languages: dict[str, int] = {}

    def letters(self):
        """(time, flags, bytes) of every letter, oldest first."""
        rng = self.rng
        span = DAYS * 86400
        ends = [int(span * at / self.total) for at in (self.first, self.first + self.count)]
        moments = sorted(ends[0] + rng.random() * (ends[1] - ends[0]) for _ in range(self.count))
        flags = Weighted(FLAGS)
        for offset, moment in enumerate(moments):
            when = FIRST_DAY + timedelta(seconds=int(moment))
            body = self.letter(self.first + offset, when)
            yield int(when.timestamp()), flags.draw(rng), body

    def letter(self, index: int, when: datetime) -> bytes:
        rng = self.rng
        size = int(math.exp(rng.gauss(math.log(3500), 1.40)))
        size = max(1500, min(size, 4_000_000))
        # Formatted letters and those with files are rarely the small ones.
        band = bisect((3000, 8000, 30000), size)
        newsletter = rng.random() < (0.01, 0.09, 0.24, 0.30)[band]
        rich = newsletter or rng.random() < (0.02, 0.07, 0.13, 0.13)[band]
        files = not newsletter and rng.random() < (0.05, 0.16, 0.28, 0.26)[band]
        parent = None
        if not newsletter and self.recent and rng.random() < 0.62:
            back = min(int(rng.expovariate(1 / 14)), len(self.recent) - 1)
            parent = self.recent[-1 - back]
            if parent.depth > 30:
                parent = None
        self.tally["html"] += rich
        self.tally["attachment"] += files
        self.tally["reply"] += parent is not None
        if newsletter:
            return self.newsletter(index, when, size)
        return self.personal(index, when, size, parent, rich, files)

    # -- letters of people: to the owner, or to a list

    def personal(self, index, when, size, parent, rich, files) -> bytes:
        rng, world = self.rng, self.world
        if parent:
            language, topic, channel = parent.language, parent.topic, parent.channel
        else:
            language = LANGUAGES.draw(rng)
            topic = (
                {k: make_topic(world, rng, k) for k in ("ko", "en", "ja")}
                if language == "mix"
                else make_topic(world, rng, language)
            )
            on_list = rng.random() < (0.8 if language == "en" else 0.45)
            channel = world.lists[min(below(rng, 42), below(rng, 42))] if on_list else None
        self.languages[language] = self.languages.get(language, 0) + 1
        author = world.someone(rng, korean=language in ("ko", "mix"))
        charset, transfer = CHARSETS[language].draw(rng)
        depth = parent.depth + 1 if parent else 0
        self.tally["depth"] = max(self.tally["depth"], depth)
        subject = parent.subject if parent else self.subject(language, topic)
        domain = author.address.partition("@")[2]
        list_host = f"{channel}.example" if channel else None
        message_id = f"<{index:06x}.{rng.getrandbits(60):015x}@{domain}>"
        zone = rng.choice(ZONES[language])

        head = self.head(when, author.address, domain, list_host)
        head.append(f"From: {mailbox(author.name, author.address, charset)}")
        to = parent.author if parent and rng.random() < 0.7 else None
        recipients = [mailbox(to.name, to.address, charset)] if to else []
        recipients.append(f"{channel}@lists.example" if channel else f"{OWNER[0]} <{OWNER[1]}>")
        head.append(f"To: {recipients[0]}")
        copied = recipients[1:]
        while rng.random() < 0.4 and len(copied) < 9:
            person = world.someone(rng)
            copied.append(mailbox(person.name, person.address, charset))
        if copied:
            head.append("Cc: " + ",\n\t".join(copied))
        shown = f"[{channel}] {subject}" if channel else subject
        prefix = (
            ""
            if not parent
            else ("Re: ", "RE: ", "Re: ", "답장: ")[below(rng, 4) if language == "ko" else 0]
        )
        head.append(f"Subject: {self.coded_subject(prefix + shown, charset)}")
        head.append(f"Date: {rfc5322_date(when, zone)}")
        head.append(f"Message-ID: {message_id}")
        references = [*parent.references, parent.message_id][-14:] if parent else []
        if parent:
            head.append(f"In-Reply-To: {parent.message_id}")
            if rng.random() < 0.95:
                head.append("References: " + "\n\t".join(references))
        if rng.random() < 0.5:
            head.append(f"User-Agent: {rng.choice(AGENTS)}")
        if channel:
            head.append(self.list_fields(channel))

        room = max(300, size - sum(map(len, head)) - len(author.signature))
        file_room = int(room * (0.35 + 0.3 * rng.random())) if files else 0
        room -= file_room
        if rich:
            room = int(room / 4.2)
        elif transfer == "base64":
            room = int(room / 1.35)
        elif transfer == "quoted-printable" and language != "en":
            room = int(room / 2.4)
        lines = self.body_lines(language, topic, author, parent, room, zone)
        text = "\n".join(lines) + "\n"
        parts = [self.text_part(text, "plain", charset, transfer)]
        if rich:
            html = self.text_part(personal_html(lines, charset), "html", charset, transfer)
            parts = [self.multipart("alternative", [parts[0], html], index)]
        if files:
            parts.append(attachment(world, rng, language, file_room))
            if file_room > 60_000 and rng.random() < 0.3:
                parts.append(attachment(world, rng, language, file_room // 8))
        part = parts[0] if len(parts) == 1 else self.multipart("mixed", parts, index + self.total)
        self.recent.append(
            Parent(
                message_id=message_id,
                references=references,
                subject=subject,
                language=language,
                topic=topic,
                channel=channel,
                author=author,
                depth=depth,
                lines=lines,
                when=when,
            )
        )
        if len(self.recent) > 80:
            del self.recent[0]
        return finish(head, part)

    def body_lines(self, language, topic, author, parent, room, zone) -> list[str]:
        rng, world = self.rng, self.world
        lines: list[str] = []
        quoted: list[str] = []
        if parent:
            said = " 님이 작성:" if language == "ko" else " wrote:"
            quoted.append(f"On {rfc5322_date(parent.when, zone)}, {parent.author.name}{said}")
            budget = room * (0.35 + 0.45 * rng.random())
            for line in parent.lines:
                if line.startswith("-- "):
                    break
                quoted.append(">" + line if line.startswith(">") else f"> {line}")
                budget -= len(line.encode()) + 3
                if budget < 0:
                    break
            quoted.append("")
            room -= sum(len(line.encode()) + 1 for line in quoted)
        if room > 5_000 and language in ("en", "ko") and rng.random() < 0.8:
            lines += machine_text(world, rng, int(room * 0.8))
            room //= 5
        own = prose(world, rng, language, topic, max(120, room))
        if rng.random() < 0.3:
            greeting = "안녕하세요," if language == "ko" else "Hi,"
            own.insert(0, greeting)
        # Above, below or between the quoted lines, as people do.
        where = rng.random()
        if where < 0.4:
            lines = own + quoted + lines
        elif where < 0.7 or len(quoted) < 8:
            lines = quoted + own + lines
        else:
            middle = 1 + below(rng, len(quoted) - 2)
            cut = len(own) // 2
            lines = [*quoted[:middle], "", *own[:cut], *quoted[middle:], *own[cut:], *lines]
        lines += author.signature.split("\n")
        return lines

    # -- letters of shops

    def newsletter(self, index, when, size) -> bytes:
        rng, world = self.rng, self.world
        shop = world.shops[min(below(rng, 70), below(rng, 70))]
        language = "ko" if shop.korean else "en"
        self.languages[language] = self.languages.get(language, 0) + 1
        topic = make_topic(world, rng, language)
        charset, transfer = CHARSETS[language].draw(rng)
        if charset == "us-ascii":
            charset, transfer = "utf-8", "quoted-printable"
        head = self.head(when, f"bounce-{rng.getrandbits(32):08x}@{shop.domain}", shop.domain, None)
        head.append(f"From: {mailbox(shop.name, shop.address, charset)}")
        head.append(f"To: {OWNER[1]}")
        head.append(f"Subject: {self.coded_subject(self.subject(language, topic), charset)}")
        head.append(f"Date: {rfc5322_date(when, 540 if shop.korean else 0)}")
        head.append(f"Message-ID: <{index:06x}.{rng.getrandbits(60):015x}@{shop.domain}>")
        head.append(
            f"List-Unsubscribe: <https://{shop.domain}/unsubscribe?u={rng.getrandbits(64):016x}>\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\nPrecedence: bulk"
        )
        room = max(1200, size - sum(map(len, head)))
        if transfer == "base64":
            room = int(room / 1.35)
        elif transfer == "quoted-printable":
            room = int(room / (1.1 if language == "en" else 1.5))
        html = newsletter_html(world, rng, shop, language, topic, int(room * 0.85), charset)
        part = self.text_part(html, "html", charset, transfer)
        if rng.random() < 0.7:
            lines = prose(world, rng, language, topic, int(room * 0.12)) + shop.footer
            plain = self.text_part("\n".join(lines) + "\n", "plain", charset, transfer)
            part = self.multipart("alternative", [plain, part], index)
        return finish(head, part)

    # -- pieces

    def head(self, when, sender, domain, list_host) -> list[str]:
        rng = self.rng
        bounce = f"{list_host.split('.')[0]}-bounces@lists.example" if list_host else sender
        head = [
            f"Return-Path: <{bounce}>\nDelivered-To: {OWNER[1]}",
            received(rng, when, domain, list_host),
        ]
        if rng.random() < 0.6:
            head.append(results(domain, sender, list_host).rstrip("\n"))
        if rng.random() < 0.55:
            head.append(signatures(rng, domain, when).rstrip("\n"))
        if rng.random() < 0.3:
            head.append(
                f"X-Spam-Status: No, score=-{below(rng, 60) / 10} required=5.0 "
                "tests=BAYES_00,DKIM_SIGNED,\n\tDKIM_VALID,SPF_PASS autolearn=ham"
            )
        return head

    def list_fields(self, channel: str) -> str:
        host = "lists.example"
        return (
            f"Precedence: list\nList-Id: <{channel}.{host}>\n"
            f"List-Unsubscribe: <https://{host}/options/{channel}>,\n"
            f" <mailto:{channel}-request@{host}?subject=unsubscribe>\n"
            f"List-Archive: <https://{host}/archives/{channel}/>\n"
            f"List-Post: <mailto:{channel}@{host}>\n"
            f"List-Help: <mailto:{channel}-request@{host}?subject=help>\n"
            f"Sender: {channel}-bounces@{host}"
        )

    def subject(self, language: str, topic) -> str:
        rng, world = self.rng, self.world
        if language == "mix":
            language, topic = "ko", topic["ko"]
        text = sentence(world, rng, language, topic).rstrip(".。?")
        if language == "en":
            return " ".join(text.split()[: 4 + below(rng, 6)]).translate(UNACCENT)
        return text[: 12 + below(rng, 16)].strip()

    def coded_subject(self, text: str, charset: str) -> str:
        if text.isascii():
            return "\n ".join(wrap(text, 66))
        if self.rng.random() < 0.01:
            return text  # raw UTF-8, as some programs send it
        return encode_words(text, charset, as_q=self.rng.random() < 0.15 and charset == "utf-8")

    def text_part(self, text, subtype, charset, transfer) -> tuple[str, bytes]:
        body, charset, transfer = encode_body(text, charset, transfer)
        return (
            f"Content-Type: text/{subtype}; charset={charset}\n"
            f"Content-Transfer-Encoding: {transfer}\n",
            body,
        )

    def multipart(self, subtype, parts, number) -> tuple[str, bytes]:
        boundary = f"----=_Part_{number}_{self.rng.getrandbits(40):010x}"
        out = bytearray()
        for head, body in parts:
            out += f"--{boundary}\n{head}\n".encode() + body
            if not body.endswith(b"\n"):
                out += b"\n"
        out += f"--{boundary}--\n".encode()
        return f'Content-Type: multipart/{subtype};\n boundary="{boundary}"\n', bytes(out)


def finish(head: list[str], part: tuple[str, bytes]) -> bytes:
    fields, body = part
    return ("\n".join(head) + "\nMIME-Version: 1.0\n" + fields + "\n").encode() + body


# ---------------------------------------------------------------------- output

WORLD: World  # shared with the processes by fork


def make_block(job) -> dict:
    number, first, count, options = job
    block = Block(WORLD, options["seed"], number, first, count, options["letters"])
    sizes, packed = [], 0
    chunks = []
    index = first
    for stamp, flags, content in block.letters():
        if options["stats"]:
            packed += len(zlib.compress(content, 6))
        sizes.append(len(content))
        if not options["mbox"]:
            name = f"{stamp}.M{index:07}S{options['seed']}.bench,S={len(content)}:2,{flags}"
            (options["out"] / "cur" / name).write_bytes(content)
        else:
            when = time.asctime(time.gmtime(stamp))
            chunks.append(
                f"From bench@mailbox.example {when}\n".encode()
                + re.sub(rb"(?m)^(>*From )", rb">\1", content)
                + (b"\n" if content.endswith(b"\n") else b"\n\n")
            )
        index += 1
    return {
        "sizes": sizes,
        "packed": packed,
        "mbox": b"".join(chunks),
        "tally": block.tally,
        "languages": block.languages,
    }


def generate(
    out: Path,
    letters: int,
    seed: int = 1,
    as_mbox: bool = False,
    stats: bool = False,
    processes: int = 2,
) -> dict:
    """Write the mailbox; returns the figures that --stats prints."""
    global WORLD
    WORLD = World(seed)
    options = {"seed": seed, "letters": letters, "mbox": as_mbox, "stats": stats, "out": out}
    jobs = [
        (number, first, min(BLOCK, letters - first), options)
        for number, first in enumerate(range(0, letters, BLOCK))
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    if not as_mbox:
        for part in ("cur", "new", "tmp"):
            (out / part).mkdir(parents=True)
    sizes: list[int] = []
    packed = 0
    tally: dict[str, int] = {}
    languages: dict[str, int] = {}
    with (
        open(out, "xb") if as_mbox else nullcontext() as mbox,
        multiprocessing.get_context("fork").Pool(processes) as pool,
    ):
        for done in pool.imap(make_block, jobs):
            if mbox:
                mbox.write(done["mbox"])
            sizes += done["sizes"]
            packed += done["packed"]
            for key, value in done["tally"].items():
                tally[key] = (
                    max(tally.get(key, 0), value) if key == "depth" else tally.get(key, 0) + value
                )
            for key, value in done["languages"].items():
                languages[key] = languages.get(key, 0) + value
    sizes.sort()
    return {
        "letters": len(sizes),
        "bytes": sum(sizes),
        "packed": packed,
        "median": sizes[len(sizes) // 2],
        "largest": sizes[-1],
        "tally": tally,
        "languages": languages,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="the Maildir or mbox to write; must not exist")
    parser.add_argument("--letters", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=("maildir", "mbox"), default="maildir")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--stats", action="store_true", help="also compress every letter")
    arguments = parser.parse_args()
    if arguments.letters < 1:
        parser.error("--letters must be at least 1")
    if arguments.out.exists():
        parser.error(f"{arguments.out} exists already")
    begun = time.monotonic()
    facts = generate(
        arguments.out,
        arguments.letters,
        arguments.seed,
        arguments.format == "mbox",
        arguments.stats,
        arguments.processes,
    )
    count = facts["letters"]
    print(f"{count:,} letters, {facts['bytes']:,} bytes in {time.monotonic() - begun:.1f} s")
    print(
        f"size: median {facts['median']:,}, mean {facts['bytes'] // count:,}, "
        f"largest {facts['largest']:,}"
    )
    if arguments.stats:
        print(f"deflate: {facts['bytes'] / facts['packed']:.2f}:1")
        for key in ("html", "attachment", "reply"):
            print(f"{key}: {100 * facts['tally'][key] / count:.1f} %")
        print(f"deepest thread: {facts['tally']['depth']}")
        print(
            "languages: "
            + ", ".join(
                f"{key} {100 * value / count:.1f} %"
                for key, value in sorted(facts["languages"].items(), key=lambda x: -x[1])
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
