# What was to be folded was not, if a change that had been undone was to be saved at the
# same moment.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=0 refuses=0 journal=1
start 0 0 0
run 0 46263 51681
transaction 0 34128 35443
medium 0 45969 64585
work 0 4606 39783
transaction 0 43657 6682
run 0 9766 5806
medium 1 8084 34113
work 0 12551 29278
run 0 26649 25671
time 1 3115 12874
edit 0 10101 38988
edit 0 63738 44315
