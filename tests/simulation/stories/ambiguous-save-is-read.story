# 5.2.4 after an ambiguous save, the medium is read.
# Without that: a peer made two rows of one: something and something.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0
start 0 0 0
run 0 13910 2087
transaction 0 14626 10192
medium 0 21366 1783
work 0 18729 18654
transaction 0 11329 43713
run 0 8013 22758
ask 0 19074 34005
edit 0 42740 53167
medium 0 16166 37083
work 0 63782 59452
ask 0 47568 57659
run 0 43828 58136
edit 0 60793 59583
