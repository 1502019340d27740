"""Q3 and the rules, asked Siyu and each peer in turn, the answers compared number by number."""
import os
import statistics

import peers

HERE = os.path.dirname(os.path.abspath(__file__))
DAY_MS = 86_400_000
ROUNDS = 3


class Difference(Exception):
    """A peer's answer is not Siyu's: the bench has failed."""


def lines_of(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip()]


def words_of(words):
    """What stands for $… in the peers' queries."""
    end = words["end"]
    filled = {"now": end, "quarter": end - 90 * DAY_MS, "names": words["names"]}
    for days in (7, 14, 30, 60, 90, 180):
        filled[f"ago_{days}d"] = end - days * DAY_MS
    for prefix, key in (("", "names"), ("channel_", "channels"), ("city_", "cities")):
        for number, name in enumerate(words[key]):
            filled[prefix + name.lower()] = number
    return filled


def median(replies, figure):
    return statistics.median(reply[figure] for reply in replies)


class Interview:
    """Siyu and one peer. `siyu` answers lines (siyu_bench ask)."""

    def __init__(self, siyu, words, folder):
        self.siyu = siyu
        self.words = words
        self.own_answer = os.path.join(folder, "siyu.answer")
        self.peer_answer = os.path.join(folder, "peer.answer")

    def ask_siyu(self, rule, at, threads):
        return self.siyu.ask(rule=rule, at=self.words[at], threads=threads, answer=self.own_answer)

    def compare(self, question, layout):
        with open(self.own_answer, "rb") as own, open(self.peer_answer, "rb") as other:
            ours, theirs = own.read(), other.read()
        if ours != theirs:
            raise Difference(f"{question}: {len(ours) // 4} customers, "
                             f"{layout} says {len(theirs) // 4}, and not the same")

    def run(self, peer, question, rule, at):
        """Median figures of A B A B …: "1" and "2" threads of Siyu, and each layout of the peer.

        A layout that cannot say the question has None. Everybody is asked once before, unmeasured.
        """
        replies = {"1": [], "2": [], **{layout: [] for layout in peer.layouts}}
        for measured in [False] + [True] * ROUNDS:
            for threads in (1, 2):
                reply = self.ask_siyu(rule, at, threads)
                if measured:
                    replies[str(threads)].append(reply)
            for layout in peer.layouts:
                if replies[layout] is None:
                    continue
                try:
                    reply = peer.ask(question, layout, self.words, self.peer_answer)
                except peers.Unable as error:
                    print(f"{layout} cannot say {question}: {error}", flush=True)
                    replies[layout] = None
                    continue
                self.compare(question, layout)
                if measured:
                    replies[layout].append(reply)
        count = replies["1"][0]["count"]
        return count, {who: asked and {figure: median(asked, figure) for figure in ("cpu", "wall")}
                       for who, asked in replies.items()}
