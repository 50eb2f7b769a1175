# Of two saves that may have arrived, the first one had. What the second one had beyond it was taken for
# changed back by somebody else.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=1 foreign=0 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=1 refuses=0 journal=0
start 0 65177 40472
edit 0 38586 21400
run 0 29336 5721
medium 1 65081 28570
medium 0 15490 819
work 1 3303 22263
run 0 58321 24045
edit 1 10684 32853
medium 1 34823 56108
edit 0 53939 24343
ask 0 36803 25307
edit 1 52066 55924
medium 0 29227 35765
work 0 12144 10064
ask 1 6992 22870
run 1 26860 50455
medium 1 18406 27889
run 0 26323 65426
medium 0 14879 21733
edit 0 5234 54617
work 0 2076 53944
run 0 57700 33521
medium 1 25920 61648
