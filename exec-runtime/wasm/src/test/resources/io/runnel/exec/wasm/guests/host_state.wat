;; Looks whether all that the host keeps for a call is as it is at a call's start, says so by one
;; letter for each kind that is not, and a dot and eight random bytes; then it spoils all of it.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $status (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_rights"
    (func $set_rights (param i32 i64 i64) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get"
    (func $environ_sizes (param i32 i32) (result i32)))
  (import "runnel@1" "http_status" (func $answer (param i32) (result i32)))
  (import "runnel@1" "http_send"
    (func $send (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "tmp/left")
  (data (i32.const 80) "GET")
  (data (i32.const 96) "http://a.test/")
  (func $say (param $letter i32)
    (i32.store8 (i32.const 16) (local.get $letter))
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 1))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $say_if (param $bad i32) (param $letter i32)
    (if (local.get $bad) (then (call $say (local.get $letter)))))

  (func $check_files
    ;; To be made, and not to be there: f for a file. Its descriptor is the first free: d.
    (call $say_if
      (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 8) (i32.const 5)
        (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32))
      (i32.const 102))
    (drop
      (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 8) (i32.const 1)
        (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32)))
    (call $say_if (i32.ne (i32.load (i32.const 32)) (i32.const 5)) (i32.const 100)))
  (func $check_streams
    ;; i for input that is closed, l for the log, r for rights of the output.
    (call $say_if (call $status (i32.const 0) (i32.const 128)) (i32.const 105))
    (call $say_if (call $status (i32.const 2) (i32.const 128)) (i32.const 108))
    (drop (call $status (i32.const 1) (i32.const 128)))
    (call $say_if (i64.eq (i64.load (i32.const 136)) (i64.const 64)) (i32.const 114)))
  (func $check_time
    ;; t if more than five seconds have passed since the call began.
    (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 160)))
    (call $say_if (i64.gt_u (i64.load (i32.const 160)) (i64.const 5000000000)) (i32.const 116)))
  (func $check_variables
    ;; e if there is not just one variable.
    (drop (call $environ_sizes (i32.const 168) (i32.const 172)))
    (call $say_if (i32.ne (i32.load (i32.const 168)) (i32.const 1)) (i32.const 101)))
  (func $check_answers
    ;; h if somebody's answer is open.
    (call $say_if (i32.gt_s (call $answer (i32.const 0)) (i32.const 0)) (i32.const 104)))
  (func $say_random
    (local $i i32)
    (call $say (i32.const 46))
    (drop (call $random (i32.const 176) (i32.const 8)))
    (loop $next
      (call $say
        (i32.add (i32.const 97)
          (i32.and (i32.load8_u (i32.add (i32.const 176) (local.get $i))) (i32.const 15))))
      (call $say
        (i32.add (i32.const 97)
          (i32.shr_u (i32.load8_u (i32.add (i32.const 176) (local.get $i))) (i32.const 4))))
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 8)))))
  (func $ruin
    (drop (call $close (i32.const 0)))
    (drop (call $close (i32.const 2)))
    (drop (call $set_rights (i32.const 1) (i64.const 64) (i64.const 0)))
    (drop
      (call $send (i32.const 80) (i32.const 3) (i32.const 96) (i32.const 14) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const 0))))
  (func (export "_start")
    (call $check_answers)
    (call $check_streams)
    (call $check_files)
    (call $check_time)
    (call $check_variables)
    (call $say_random)
    (call $ruin)))
