"""The work of a process that waits for its turn, and the end of patience with it."""

from collections import Counter
from math import inf

_FIRST_REQUEST = 0.0005  # seconds
_FIRST_CALL = 0.005
_INERTIA = 0.1  # the weight of the latest in a mean
_OUTLIER = 4  # times the mean, about, that a long one counts for at most
_SLACK = 0.002  # seconds, by which it may be longer still
_SHORTEST_WAIT = 0.01  # seconds that work may wait under overload, or more:
_WAIT = 1  # times what a request takes in the mean, and
_SPREAD = 6  # times how far requests are from that, since some wait behind long ones even without overload, or:
_CALLS = 2  # times what a call takes, where calls wait
_POOL = 32  # requests that may wait at least: those of clients who each wait for an answer before they ask again
_ALERT = 4  # times the patience until an overload is over of which no refusal tells any more
_CROWD = 40  # requests that may wait without a break at least


class Waiting:
    """Work of one kind that waits, by client; the seconds that one of it takes in the mean, and the mean deviation."""

    def __init__(self, mean: float) -> None:
        self.mean = mean
        self.deviation = mean / 2
        self.clients: Counter[str] = Counter()
        self.count = 0

    def enter(self, client: str) -> None:
        """Count one more of a client's."""
        self.clients[client] += 1
        self.count += 1

    def leave(self, client: str) -> None:
        """Count one fewer: it begins, or is refused."""
        self.count -= 1
        self.clients[client] -= 1
        if not self.clients[client]:
            del self.clients[client]

    def learn(self, seconds: float) -> float:
        """Let the mean follow what one has taken. Give that back, or less where it is far from the mean."""
        seconds = min(seconds, _OUTLIER * self.mean + _SLACK)
        error = seconds - self.mean
        self.mean += _INERTIA * error
        self.deviation += _INERTIA * (abs(error) - self.deviation)
        return seconds


class Backlog:
    """All that waits in a process: requests that have not begun, and their long calls that have no thread yet.

    Work that comes in a crowd may wait, and so may that of clients who each wait for an answer before they ask again.
    But once some has been waiting without a break for `patience` seconds, or for 40 requests, and more than 32 wait,
    there is more than can be done. From then on, what would wait for longer than a few requests take is refused
    (Nichols and Jacobson, Controlling Queue Delay, 2012), until nothing had to be for four times as long. Since clients
    take turns, one who has little waiting waits for as little of each other's, and one who has much for all: so those
    who have the most are refused first.

    Seconds are those of the processor, so that nobody is refused because the machine is busy with something else.
    """

    def __init__(self, patience: float = inf) -> None:
        self.requests = Waiting(_FIRST_REQUEST)
        self.calls = Waiting(_FIRST_CALL)
        self._patience = patience
        self._called = 0.0  # seconds of calls that no request has counted yet
        self._standing = 0.0  # seconds in which something has waited without a break
        self._calm_from = 0.0  # the time until which the last refusal tells of an overload

    @property
    def is_empty(self) -> bool:
        """True where nothing waits."""
        return not self.requests.count and not self.calls.count

    def called(self, seconds: float) -> None:
        """Learn from a call that has ended."""
        self._called += self.calls.learn(seconds)

    def answered(self, number: int, seconds: float) -> None:
        """Learn from requests that took so many seconds together, besides calls."""
        each = self.requests.learn((seconds + self._called) / number)
        self._called = 0.0
        self._standing += each * number

    def pause(self) -> None:
        """Note that nothing is under way in the event loop: where nothing waits either, there is a break."""
        if self.is_empty:
            self._standing = 0.0

    def refuses(self, client: str, age: float, now: float) -> bool:
        """True where a request of the client is to be refused, of whose requests one has waited for so long."""
        patience = max(self._patience, _CROWD * self.requests.mean)
        is_crowded = self._standing > patience and self.requests.count + self.calls.count > _POOL
        if not is_crowded and now >= self._calm_from:
            return False
        usual = _WAIT * self.requests.mean + _SPREAD * self.requests.deviation
        longest = max(_SHORTEST_WAIT, usual, _CALLS * self.calls.mean * (self.calls.count > 0))
        own = self._of(client)
        if own <= self.requests.mean:  # of one request: it is not what makes the others wait
            longest *= 2
        if own == 0 or max(age, self._wait(own)) <= longest:
            return False
        self._calm_from = now + _ALERT * patience
        return True

    def _wait(self, own: float) -> float:
        """The time until so much work of a client is done while all take turns."""
        return sum(min(own, self._of(client)) for client in {*self.requests.clients, *self.calls.clients})

    def _of(self, client: str) -> float:
        return self.requests.clients[client] * self.requests.mean + self.calls.clients[client] * self.calls.mean
