"""Names of people of the demo who have nothing but a name and a job. All are invented."""

from __future__ import annotations

SURNAMES = (
    *("宁", "冀", "邬", "路", "曲", "景", "原", "荆", "畅", "逯", "卫", "卜", "弓", "元", "巩"),
    *("申", "闫", "邸", "桑", "裴", "樊", "郗", "仝", "缑", "解", "茹", "暴", "冶", "续", "晋"),
    *("仇", "亢", "皇", "屈", "咸", "同", "璩", "眭", "厍", "逄", "禹"),
)
GIVEN = (
    *("长林", "志斌", "玉宝", "海龙", "建业", "福来", "春明", "保国", "双喜", "文海", "根生"),
    *("晓峰", "大庆", "丽琴", "永安", "金锁", "秋生", "爱民", "伟东", "素梅", "云鹏", "新民"),
    *("小军", "天明", "书田", "月仙", "占奎", "立本", "瑞芳", "成山", "二牛", "铁林", "巧云"),
    *("世昌", "润生", "满堂", "先锋", "桂花", "江涛", "引弟", "向阳", "改兰", "守业"),
)
POSITIONS = (
    *("技术员", "瓦检员", "电钳工", "绞车工", "调度员", "支护工", "采煤机司机", "皮带机司机"),
    *("测风员", "材料员", "班长", "安全员", "化验员"),
)


def name_of(number: int) -> str:
    """Return the name that belongs to an employee number, always the same."""
    branch, place = divmod(number - 300_100, 100)
    step = branch * 31 + place
    return SURNAMES[step % len(SURNAMES)] + GIVEN[(step * 3 + step // len(SURNAMES)) % len(GIVEN)]
