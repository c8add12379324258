"""The explorer: every interleaving of actors and hardware, decided exactly.

What it explores. A state is a machine and the judge's ghost beside it. A *mover* is whoever has at
most one event in a state: an actor, or a line whose hardware may fill or evict it. An actor at a
choice has an event for each option; there it is as many movers, the first of which stands for it
everywhere else. A *move* is what a mover's event does. The runs from a state are all sequences of
moves; asked is whether some run has a finding (a stale load, a lost version, a fault, a vCPU that
is stuck), which is the shortest, what complete runs cost, and what no run comes to. `explore`
answers that; `prospects` says of each state that a run can be in what can still come of it.

How a move is learned (`learning`). There is one transition function, the debugger's, and the
explorer has no rule of its own. To learn a move it runs that function once on a *tracked machine*,
which notes the fields that are read and those that are assigned. The function is pure: in any
other state in which the fields that were read have the same values it reads the same, decides the
same and assigns the same. So the values of what was read lead, by a decision tree, to all that the
move does. Values are interned, a state is the numbers of its fields' values packed into one int,
and a move is a number that is added to it.

Why that ends. Canonical states leave out what makes no difference: which pCPUs hold a copy,
auxiliary variables, and how many versions a word has had, of which only the order counts. States
that have the same canonical state can do the same for ever (they are bisimilar). There are finitely
many; too many only where a program counts on and on, and for that there are limits.

What a slice keeps (`reduced`). A word's loads are stale or not by its own versions and by what
their actors are entitled to of it, and lines meet nowhere but in the course of the actors. So it is
enough to search, word by word, a machine with few lines, its cone of influence:

- the word's own line;
- the lines of words that the course of a run depends on. That is not guessed: a word that is left
  out holds a *symbolic value*, and whoever comes to depend on what it is ends the search, which
  begins anew with that word kept;
- the lines of words through which an actor may learn of its writes (information flow), which are
  looked for once the slice is searched, in all that was done in it.

Where programs choose, actors go round for ever, and the slice is the smaller the fewer of them
move. Who touches its lines only as hardware may, tells nobody anything, and changes nothing that
others read but who holds the mmu_lock, is a *bystander*: whatever it does, a run without it and
with fills and evictions instead is no longer, and has the same findings.

A line that is left out changes nothing and tells nothing. So the runs of the slice are those of
the machine, of the same length, but for what hardware does to lines that are left out, on which
nothing depends; and a shortest run of the slice that has a finding is a shortest one of the
machine. The judge is cut down alike: clocks are joined word by word, so that a ghost is the product
of its projections. The slice without a word is the *course* of the actors, which decides faults,
stuck vCPUs, cost and what is reached.

What the reduction rests on (independence, as in partial-order reduction). A step that reads only
what no other mover changes, changes only what no other mover reads, touches no line that is kept
and tells the judge nothing commutes with every step of the others. It can be put off until just
before its actor's next step that is not so, and needs no interleaving: a *macro step* is all such
steps and the one after them. That others neither read nor change something is supposed until a move
is met that does; the search meets the first of them, and begins anew. A choice is such a step, if
all of its options are: a macro step takes one of them on the way, and ends before the next choice.
Hardware is as lazy: nothing but an operation on a line depends on the line's state, so that fills
and evictions are taken just before one.

What stuck means. An actor in KVM is stuck where no run, whatever actors and hardware do, leads to a
state in which it is out of KVM. That is a property of the graph, found by going back from the
states in which it is out. It gets stuck at the first such state of a run; where somebody is stuck
from the start nobody gets so.

What fair means. A run is fair if no actor is left out for ever that can move from some point on for
ever; hardware owes nothing, and may act at any time or never. Actors owe one another that they
move, not what they choose: a choice is demonic, made by whoever wants a finding or wants none, and
a run in which an option is left out for ever is fair. So from a state that must break there is no
way of choosing that saves the run. A state must break if every fair run from it has a finding. A
fair run stays for good in one strongly connected component of the graph, in which each actor moves,
or somewhere cannot.

Why it can be believed. What is found is replayed on the transition function before it is told. The
exhaustive search visits every canonical state, many at once (`exhaustive`), and must count as many
as a plain search over machines does; the reduced one must come to the same verdicts and lengths:
the tests compare the three on random machines.
"""
