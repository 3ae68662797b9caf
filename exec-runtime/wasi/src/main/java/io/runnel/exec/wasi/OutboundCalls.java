package io.runnel.exec.wasi;

import java.time.Duration;
import java.util.Optional;

/** The requests of one call: what is open, and what is left of the limits. One thread. */
final class OutboundCalls {
    private static final int MOST_READ_BYTES = 64 * 1024;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private final GuestCall call;
    private final OutboundLimits limits;
    private final OutboundAnswer[] open;
    private int requests;
    private long sentBytes;
    private long receivedBytes;

    OutboundCalls(GuestCall call, OutboundLimits limits) {
        this.call = call;
        this.limits = limits;
        this.open = new OutboundAnswer[limits.open()];
    }

    /** Whether there is room for one more request with a body of this size. */
    boolean maySend(int bodyBytes) {
        return requests < limits.requests()
                && free() >= 0
                && bodyBytes >= 0
                && sentBytes + bodyBytes <= limits.sent().bytes();
    }

    private int free() {
        for (int i = 0; i < open.length; i++) {
            if (open[i] == null) {
                return i;
            }
        }
        return -1;
    }

    /** Sends it; the answer's handle, or an error's number. */
    int send(OutboundRequest request) {
        OutboundUrl url = request.url();
        boolean ofItself = IdentityHost.isMeant(url);
        boolean listed =
                call.terms().outbound().stream()
                        .anyMatch(h -> h.covers(url.host(), url.port(), url.secure()));
        if (!ofItself && !listed) {
            return refuse(request, RunnelError.NOT_ALLOWED, "it is none of the task's hosts");
        }
        requests++;
        sentBytes += size(request);
        GuestInterrupted.check();
        if (ofItself) {
            return take(request, IdentityHost.answer(request, call.terms().self()));
        }
        try {
            OutboundAnswer answer = call.host().outbound().send(request, left());
            return take(request, answer);
        } catch (OutboundException e) {
            return refuse(request, RunnelError.of(e.code()), e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private int take(OutboundRequest request, OutboundAnswer answer) {
        receivedBytes += OutboundHeader.lines(answer.headers()).length();
        if (receivedBytes > limits.received().bytes()) {
            answer.close();
            return refuse(request, RunnelError.LIMIT, "the call has received too much");
        }
        int handle = free();
        open[handle] = answer;
        return handle;
    }

    private static long size(OutboundRequest request) {
        return (long) request.url().target().length()
                + OutboundHeader.lines(request.headers()).length()
                + request.body().length;
    }

    /** The owner reads why; the guest gets a number. */
    private int refuse(OutboundRequest request, RunnelError error, String why) {
        call.streams()
                .log(
                        GuestLog.warning(
                                "runnel: no answer from %s:%d: %s"
                                        .formatted(
                                                request.url().host(), request.url().port(), why)));
        return error.value();
    }

    private Duration left() {
        Duration left = Duration.ofNanos(Math.max(call.leftNanos(), 0));
        return left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
    }

    private static GuestInterrupted interrupted() {
        Thread.currentThread().interrupt();
        return new GuestInterrupted();
    }

    /** The answer that has this handle. */
    Optional<OutboundAnswer> answer(int handle) {
        return handle >= 0 && handle < open.length
                ? Optional.ofNullable(open[handle])
                : Optional.empty();
    }

    /** Reads some of a body into memory that the guest has; how much, or an error's number. */
    int read(WasiMemory memory, int handle, int to, int capacity) {
        Optional<OutboundAnswer> answer = answer(handle);
        if (answer.isEmpty() || capacity == 0) {
            return RunnelError.INVALID.value();
        }
        long leftBytes = limits.received().bytes() - receivedBytes;
        int most = (int) Math.min(Integer.toUnsignedLong(capacity), MOST_READ_BYTES);
        GuestInterrupted.check();
        try {
            // One more than is left tells a body that ends there from one that does not.
            int count =
                    answer.get()
                            .read(
                                    memory.arrayForWriting(to, most),
                                    to,
                                    (int) Math.min(most, leftBytes + 1),
                                    left());
            receivedBytes += count;
            return receivedBytes > limits.received().bytes() ? RunnelError.LIMIT.value() : count;
        } catch (OutboundException e) {
            return RunnelError.of(e.code()).value();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Forgets an answer; whether there was one. */
    boolean close(int handle) {
        Optional<OutboundAnswer> answer = answer(handle);
        answer.ifPresent(
                a -> {
                    a.close();
                    open[handle] = null;
                });
        return answer.isPresent();
    }

    /** The call is over. */
    void closeAll() {
        for (int i = 0; i < open.length; i++) {
            close(i);
        }
    }
}
