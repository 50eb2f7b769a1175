# 5.2.6 what is refused for no reason is not tried again at once.
# Without that: a peer has given up.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0 kind=1 kind2=0 news=0 stale=0 refuses=0
start 0 60808 30045
run 0 38079 10546
medium 2 16206 54219
work 0 14027 10720
run 1 54812 63345
edit 1 30086 8053
