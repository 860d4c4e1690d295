"""What a seat refuses its candidate, in a sentence for the person who reads it."""


class Refusal(Exception):
    """A verb that cannot be done now; ``zh`` and ``en`` say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class NotNow(Refusal):
    """The verb does not belong to this stage: a page that is a moment behind."""

    def __init__(self) -> None:
        super().__init__("当前不能进行此操作。", "This cannot be done now.")


class NoRoom(Refusal):
    """Signing in needs the room."""

    def __init__(self) -> None:
        super().__init__(
            "暂时无法连接考场服务器，请稍候再试或举手示意监考员。",
            "The room server cannot be reached; try again in a moment or raise your hand.",
        )


class TooEarly(Refusal):
    """Handing in before the earliest time of the scheme."""

    def __init__(self, wait_ms: int) -> None:
        minutes = -(-wait_ms // 60_000)
        super().__init__(
            f"未到最早交卷时间，还需 {minutes} 分钟。", f"It is too early to hand in: {minutes} more minutes."
        )


class NoSuchItem(Refusal):
    """An answer that does not fit the paper: a slot or a letter that is not there, too many letters."""

    def __init__(self) -> None:
        super().__init__("这道题没有这个选项。", "This item has no such option.")


class SeatTaken(Refusal):
    """Somebody sits here and the exam is not over."""

    def __init__(self) -> None:
        super().__init__("本机位的考试尚未结束。", "The exam at this seat is not over yet.")


class RoomRefused(Refusal):
    """The room server said no; its own sentence is passed on."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.code = code
