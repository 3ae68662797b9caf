;; Its initialization never ends.
(module
  (memory (export "memory") 1)
  (func (export "runnel_init") (loop $on (br $on)))
  (func (export "_start")))
