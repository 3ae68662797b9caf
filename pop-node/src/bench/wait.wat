;; Waits for 50 ms of the monotonic clock, then answers: its slot is what it needs, no processor.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; A subscription: userdata, tag 0 (clock) at 8, clock 1 (monotonic) at 16, timeout at 24.
  (data (i32.const 16) "\01")
  (data (i32.const 256) "Content-Type: text/plain\n\nwaited\n")
  (func (export "_start")
    (i64.store (i32.const 24) (i64.const 50000000))
    (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
    (i32.store (i32.const 192) (i32.const 256))
    (i32.store (i32.const 196) (i32.const 33))
    (drop (call $write (i32.const 1) (i32.const 192) (i32.const 1) (i32.const 200)))))
