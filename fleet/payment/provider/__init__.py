"""A simulated payment provider (聚合支付), a process of its own; see `__main__`.

It stands for what is outside: the fleet knows it only through HTTP and signatures. It can fail in
each way that providers do; `hand` says how.
"""
