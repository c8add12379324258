"""The reduced search: a slice of the machine a word, with independent moves taken as one.

`search` decides which slices there are, and begins one anew where something was missing; `slice`
searches one, by the `macro_steps` that `independence` allows. While it does, `information_flow`
notes who may learn from whom, and from that `bystanders` tells who need not move in a slice.
`stuck_states` looks in the slice of the actors' course for those who never come out of KVM.
"""
