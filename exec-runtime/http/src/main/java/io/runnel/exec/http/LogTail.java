package io.runnel.exec.http;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.task.Caller;
import io.vertx.core.http.HttpServerRequest;

import java.util.Base64;
import java.util.Optional;

/**
 * The last 4 KiB of what one call's guest wrote to its log, as {@code X-Amz-Log-Type: Tail} asks
 * for them. Written by the slot's thread; read by whoever learned that the guest has ended.
 */
final class LogTail implements OutputSink {
    static final int MOST_BYTES = 4 * 1024;
    static final String RESULT = "X-Amz-Log-Result";

    private static final String ASKED_BY = "X-Amz-Log-Type";

    private final OutputSink log;
    private final byte[] ring = new byte[MOST_BYTES];
    private long written;

    /** All of it goes to the log as well. */
    LogTail(OutputSink log) {
        this.log = log;
    }

    /**
     * The tail of a call that asks for it; none for a caller who is not the task's own account,
     * whose log it is.
     */
    static Optional<LogTail> of(HttpServerRequest request, CallFacts facts) {
        boolean isAsked = "Tail".equals(request.getHeader(ASKED_BY));
        boolean isOwner =
                facts.caller() instanceof Caller.Keyed keyed
                        && keyed.account().equals(facts.task().ref().account());
        return isAsked && isOwner ? Optional.of(new LogTail(facts.log())) : Optional.empty();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        keep(bytes, offset, length);
        log.write(bytes, offset, length);
    }

    @Override
    public boolean tryWrite(byte[] bytes, int offset, int length) {
        if (!log.tryWrite(bytes, offset, length)) {
            return false;
        }
        keep(bytes, offset, length);
        return true;
    }

    private void keep(byte[] bytes, int offset, int length) {
        int kept = Math.min(length, MOST_BYTES);
        int from = offset + length - kept;
        int at = (int) ((written + length - kept) % MOST_BYTES);
        int first = Math.min(kept, MOST_BYTES - at);
        System.arraycopy(bytes, from, ring, at, first);
        System.arraycopy(bytes, from + first, ring, 0, kept - first);
        written += length;
    }

    /** As the answer's header has it: Base64. */
    Answer.Header header() {
        int kept = (int) Math.min(written, MOST_BYTES);
        byte[] tail = new byte[kept];
        int at = (int) ((written - kept) % MOST_BYTES);
        int first = Math.min(kept, MOST_BYTES - at);
        System.arraycopy(ring, at, tail, 0, first);
        System.arraycopy(ring, 0, tail, first, kept - first);
        return new Answer.Header(RESULT, Base64.getEncoder().encodeToString(tail));
    }
}
