"""What readers said of alarms: only what all of them hold for right is no false alarm."""

from pathlib import Path

import pytest

from scripts.evaluation.injections import Pair
from scripts.evaluation.readings import Judgement, alarms, judged, read_readings
from service.article import Language

LOST = Pair("Có 15 xã tham gia.", "Some communes took part.", Language.VI, Language.EN)
KEPT = Pair("Có 15 xã tham gia.", "15 communes took part.", Language.VI, Language.EN)


def _readings(folder: Path, *answers: str) -> dict[str, Judgement]:
    (alarm,) = alarms([LOST, KEPT])
    path = folder / "readings.tsv"
    readers = [f"reader {n}" for n in range(len(answers))]
    path.write_text("\t".join(["id", *readers]) + "\n" + "\t".join([alarm.id, *answers]) + "\n")
    return read_readings(path)


@pytest.mark.parametrize(
    ("answers", "judgement"),
    [
        (("RIGHT", "RIGHT"), Judgement.RIGHT),
        (("RIGHT", "WRONG"), Judgement.FALSE),
        (("UNSURE",), Judgement.FALSE),
    ],
)
def test_an_alarm_is_right_only_where_every_reader_says_so(
    tmp_path: Path, answers: tuple[str, ...], judgement: Judgement
) -> None:
    shares = judged([LOST, KEPT], _readings(tmp_path, *answers))["numbers"]

    assert shares[judgement] == 0.5
    assert sum(shares.values()) == 0.5


def test_an_alarm_that_nobody_read_is_told_apart() -> None:
    assert judged([LOST, KEPT], {})["numbers"][Judgement.UNREAD] == 0.5


def test_a_reading_holds_for_what_was_claimed_only(tmp_path: Path) -> None:
    readings = _readings(tmp_path, "RIGHT")
    other = Pair(LOST.source, "16 communes took part.", Language.VI, Language.EN)

    assert judged([other], readings)["numbers"][Judgement.UNREAD] == 1
