;; Makes a file that must not be there yet and writes to it; writes the error number, then what the
;; asset "greeting" has in it, if there is one.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "tmp/secret")
  (data (i32.const 24) "greeting")
  (func (export "_start")
    ;; To be created, and not to be there; with the right to write.
    (i32.store8 (i32.const 100)
      (i32.add (i32.const 48)
        (call $path_open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 10) (i32.const 5)
          (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32))))
    (i32.store (i32.const 40) (i32.const 100))
    (i32.store (i32.const 44) (i32.const 1))
    (drop (call $fd_write (i32.load (i32.const 32)) (i32.const 40) (i32.const 1) (i32.const 48)))
    (drop (call $fd_write (i32.const 1) (i32.const 40) (i32.const 1) (i32.const 48)))
    (if (i32.eqz
        (call $path_open (i32.const 3) (i32.const 0) (i32.const 24) (i32.const 8) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 32)))
      (then
        (i32.store (i32.const 44) (i32.const 50))
        (drop (call $fd_read (i32.load (i32.const 32)) (i32.const 40) (i32.const 1) (i32.const 48)))
        (i32.store (i32.const 44) (i32.load (i32.const 48)))
        (drop (call $fd_write (i32.const 1) (i32.const 40) (i32.const 1) (i32.const 48)))))))
