"""Generated Chinese documents: the same for the same seed, about nobody and nothing.

Words are drawn from the 3,755 characters of GB 2312 level 1 and follow Zipf's law, headed by words
every such portal repeats, so that some are in nearly every document and most in few.
"""

from __future__ import annotations

import datetime
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD_LINES = (
    "工作 党员 支部 会议 安全 学习 职工 公司 组织 活动 党建 开展",
    "要求 精神 落实 生产 服务 制度 培训 检查 慰问 主题党日 矿区 班组",
    "隐患 食堂 岗位 退休 补助 表彰 评选 党委 纪律 监督 文件 通知",
    "志愿者 老干部 工会 劳动竞赛",
)
HEAD = [word for line in _HEAD_LINES for word in line.split()]
SURNAMES = "闻沅岫棠砚澍苓岑芮郦阚逄麹昝祢邬"
VOCABULARY = 6_000
NAMES = 400
LONG_EVERY = 500
LONG_CHARACTERS = 50_000
FIRST_DAY = datetime.datetime(2006, 1, 1, tzinfo=datetime.UTC)
DAYS = 20 * 365


@dataclass(frozen=True, slots=True)
class Generated:
    """One document. `public` is whether visitors may read it."""

    number: int
    title: str
    body: str
    moment: datetime.datetime
    public: bool


class Corpus:
    """Documents by number; reading them twice gives the same twice."""

    def __init__(self, documents: int, seed: int = 20261121) -> None:
        self.documents = documents
        self.seed = seed
        source = random.Random(seed)
        characters = [
            bytes([high, low]).decode("gb2312")
            for high in range(0xB0, 0xD8)
            for low in range(0xA1, 0xFF)
            if not (high == 0xD7 and low > 0xF9)
        ]
        common = characters[:]
        source.shuffle(common)
        lengths = (2, 2, 2, 2, 3, 4, 1)
        words = dict.fromkeys(HEAD)
        while len(words) < VOCABULARY:
            # Words share frequent characters, as real ones do.
            drawn = [
                common[int(len(common) * source.random() ** 2)]
                for _ in range(source.choice(lengths))
            ]
            words["".join(drawn)] = None
        self.words = list(words)
        self.weights = list(
            itertools.accumulate(1 / (rank + 10) for rank in range(len(self.words)))
        )
        self.names = [
            source.choice(SURNAMES) + "".join(source.sample(characters, source.choice((1, 2))))
            for _ in range(NAMES)
        ]

    def __iter__(self) -> Iterator[Generated]:
        return (self.document(number) for number in range(self.documents))

    def document(self, number: int) -> Generated:
        """Return one document."""
        source = random.Random(self.seed * 1_000_003 + number)
        if number % LONG_EVERY == LONG_EVERY - 1:
            wanted = LONG_CHARACTERS
        else:
            wanted = source.randint(250, 900)
        drawn = iter(source.choices(self.words, cum_weights=self.weights, k=wanted))
        sentences: list[str] = []
        length = 0
        while length < wanted:
            clauses = [
                "".join(itertools.islice(drawn, source.randint(3, 7)))
                for _ in range(source.randint(1, 3))
            ]
            if source.random() < 0.08:
                clauses.append(source.choice(self.names) + "同志发言")
            if source.random() < 0.08:
                clauses.append(f"{source.randint(2006, 2026)}年第{source.randint(1, 40)}次")
            sentence = "，".join(clause for clause in clauses if clause) + "。"
            sentences.append(sentence)
            length += len(sentence)
        title = "".join(source.choices(self.words, cum_weights=self.weights, k=5))
        minutes = source.randrange(DAYS * 24 * 60)
        return Generated(
            number,
            title,
            "".join(sentences),
            FIRST_DAY + datetime.timedelta(minutes=minutes),
            source.random() < 0.9,
        )
