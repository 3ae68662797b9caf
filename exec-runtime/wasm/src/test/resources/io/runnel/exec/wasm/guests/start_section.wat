;; Has a start function, which counts for ever.
(module
  (memory (export "memory") 1)
  (func $start (loop $more (br $more)))
  (start $start)
  (func (export "_start")))
