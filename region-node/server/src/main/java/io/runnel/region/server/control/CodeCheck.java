package io.runnel.region.server.control;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeReport;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Checks code by its runtime before it is published. Blocks: for a worker. */
final class CodeCheck {
    /** What was found, and how long it took. */
    record Found(ByteSize size, CodeReport report, Duration took) {}

    private final CodeStore codes;
    private final List<TaskRuntime> runtimes;
    private final LongSupplier nanoClock;

    CodeCheck(CodeStore codes, List<TaskRuntime> runtimes, LongSupplier nanoClock) {
        this.codes = codes;
        this.runtimes = runtimes;
        this.nanoClock = nanoClock;
    }

    Found check(VersionRequest wanted) {
        TaskRuntime runtime =
                runtimes.stream()
                        .filter(r -> r.kind() == wanted.runtime())
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                ControlError.UNSUPPORTED_RUNTIME,
                                                "runtime: %s does not run here"
                                                        .formatted(wanted.runtime().label())));
        byte[] code = read(wanted.digest());
        long start = nanoClock.getAsLong();
        try {
            CodeReport report = runtime.inspect(code, wanted.limits());
            return new Found(new ByteSize(code.length), report, since(start));
        } catch (CodeRejectedException e) {
            throw new RefusedException(
                    ControlError.of(e.code()),
                    "%s (%d bytes, inspected in %d ms)"
                            .formatted(e.getMessage(), code.length, since(start).toMillis()));
        }
    }

    private Duration since(long startNanos) {
        return Duration.ofNanos(nanoClock.getAsLong() - startNanos);
    }

    private byte[] read(CodeDigest digest) {
        try {
            // Nothing names it yet: it is to be here still when the version is written.
            codes.touch(digest);
            return codes.read(digest)
                    .orElseThrow(() -> new RefusedException(ControlError.BLOB_NOT_FOUND));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
