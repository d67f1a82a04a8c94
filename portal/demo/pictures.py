"""All demo pictures by key, drawn by the project's own code and kept in a cache folder."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from portal.demo import canvas as canvas_module
from portal.demo import figures, portraits, scenes_life, scenes_rooms, scenes_work
from portal.demo.canvas import Canvas

SCENE_SIZE = (1600, 900)
LARGEST_BYTES = 150_000

SCENES: dict[str, tuple[str, Callable[[Canvas], None]]] = {
    "headframe": ("夕阳下的井架", scenes_work.headframe),
    "tunnel": ("亮着灯的巷道", scenes_work.tunnel),
    "washing": ("选煤厂主厂房", scenes_work.washing),
    "power": ("冬夜的热电厂", scenes_work.power),
    "rescue": ("救护队列队", scenes_work.rescue),
    "hoist": ("主提升机房", scenes_work.hoist),
    "control": ("监控中心", scenes_work.control),
    "fire": ("消防演练", scenes_work.fire),
    "skills": ("技能比武工作台", scenes_work.skills),
    "meeting": ("支部会议", scenes_rooms.meeting),
    "classroom": ("党课课堂", scenes_rooms.classroom),
    "ceremony": ("表彰大会", scenes_rooms.ceremony),
    "forest": ("山坡上植树", scenes_life.forest),
    "community": ("走进社区", scenes_life.community),
    "veterans": ("退役军人服务站", scenes_life.veterans),
    "memorial": ("松柏间的纪念碑", scenes_life.memorial),
    "sports": ("职工运动会", scenes_life.sports),
    "canteen": ("夜班食堂", scenes_rooms.canteen),
    "library": ("职工书屋", scenes_rooms.library),
    "archive": ("档案库房", scenes_rooms.archive),
}
"""Chinese title and drawing of each scene."""

PORTRAIT_TITLES: dict[str, str] = {
    "portrait-miner": "采煤机司机肖像",
    "portrait-gas": "瓦检员肖像",
    "portrait-hoist": "绞车工肖像",
    "portrait-support": "支架检修工肖像",
    "portrait-control": "集控员肖像",
    "portrait-rescue": "救护队员肖像",
    "portrait-boiler": "锅炉值长肖像",
    "portrait-washing": "选煤厂书记肖像",
    "portrait-office": "党务工作者肖像",
    "portrait-monitor": "监测工肖像",
    "portrait-electrician": "电钳工肖像",
    "portrait-inspector": "瓦检一岗班员肖像",
    "portrait-instrument": "仪器岗队员肖像",
    "portrait-shift": "锅炉二值班员肖像",
    "portrait-heading": "支护工肖像",
}

TITLES: dict[str, str] = {key: title for key, (title, _) in SCENES.items()} | PORTRAIT_TITLES
"""Chinese title of every picture, also its alternative text."""


def picture_bytes(key: str, cache: Path | None = None) -> bytes:
    """Give a picture as JPEG, at most `LARGEST_BYTES`, from the cache folder when it is there.

    Raises:
        KeyError: there is no picture of that key.
    """
    if cache is None:
        return _encoded(key)
    # The drawing code's own digest is in the name: changed drawings are never served from before.
    kept = cache / f"{key}-{_drawing_digest()}.jpg"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(_encoded(key))
    return kept.read_bytes()


def _encoded(key: str) -> bytes:
    seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])
    if key in portraits.SITTERS:
        board = Canvas(portraits.WIDTH, portraits.HEIGHT, seed)
        portraits.portrait(board, portraits.SITTERS[key])
    else:
        board = Canvas(*SCENE_SIZE, seed)
        SCENES[key][1](board)
    picture = board.finished()
    for quality in (88, 80, 70):
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
        if written.tell() <= LARGEST_BYTES:
            break
    return written.getvalue()


def _drawing_digest() -> str:
    digest = hashlib.sha256()
    for module in (canvas_module, figures, portraits, scenes_life, scenes_rooms, scenes_work):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:10]
