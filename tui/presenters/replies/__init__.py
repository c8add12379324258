"""Replies: what an author on a mailing list is told, whole in itself.

`known` says what every interleaving comes to, `carried` has the C that only the sender has, and
`reply` answers a mail or a patch: per candidate the verdict, the shortest run, the line that
decides, the cost and the command that shows it.
"""
