"""What goes wrong in a way that is understood: a code, what happened, and what helps."""


class Failure(Exception):
    def __init__(self, code, what, mend=None):
        super().__init__(what)
        self.code, self.what, self.mend = code, what, mend

    @property
    def fields(self):
        return {"code": self.code, "what": one_line(self.what), "mend": self.mend and one_line(self.mend)}


def one_line(text, limit=600):
    line = " ".join(str(text).split())
    return line if len(line) <= limit else line[:limit] + " …"


def told(error):
    """An exception that was not foreseen, in one line."""
    text = one_line(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
