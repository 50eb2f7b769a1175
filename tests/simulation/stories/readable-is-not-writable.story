# 5.2.6 that it can be read is no reason to save again.
# Without that: a medium is asked again and again for what it refuses.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=1 faults=0 foreign=0 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=0 refuses=1
start 0 53155 35666
edit 0 58570 7154
