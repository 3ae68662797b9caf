;; Calls itself for ever; at each depth it makes, writes, lists, renames, and removes a file.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir"
    (func $list (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename"
    (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file"
    (func $unlink (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "tmp/a")
  (data (i32.const 16) "tmp/b")
  (data (i32.const 24) "\08\00\00\00\05\00\00\00")
  (func $down (result i32)
    (if (call $open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 5) (i32.const 5)
        (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 40)) (then (unreachable)))
    (if (call $write (i32.load (i32.const 40)) (i32.const 24) (i32.const 1) (i32.const 44))
      (then (unreachable)))
    (if (call $close (i32.load (i32.const 40))) (then (unreachable)))
    (if (call $list (i32.const 3) (i32.const 1024) (i32.const 1024) (i64.const 0) (i32.const 44))
      (then (unreachable)))
    (if (call $rename
        (i32.const 3) (i32.const 8) (i32.const 5) (i32.const 3) (i32.const 16) (i32.const 5))
      (then (unreachable)))
    (if (call $unlink (i32.const 3) (i32.const 16) (i32.const 5)) (then (unreachable)))
    (i32.add (i32.const 1) (call $down)))
  (func (export "_start") (drop (call $down))))
