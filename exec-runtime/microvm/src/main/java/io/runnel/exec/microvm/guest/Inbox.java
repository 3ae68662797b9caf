package io.runnel.exec.microvm.guest;

import io.runnel.exec.microvm.guest.GuestMessage.Stream;

import java.util.Optional;

/**
 * What a guest may say when, and what it has said that nobody has acted on yet. Everything here is
 * bounded: data by the credit given for it, and of each other message there can be one. Pure;
 * guarded by its channel's lock.
 */
final class Inbox {
    private final DataQueue data = new DataQueue();
    private GuestPhase phase;
    private Optional<AgentHello> hello = Optional.empty();
    private Optional<GuestError> startError = Optional.empty();
    private Optional<ResponseHead> head = Optional.empty();
    private Optional<GuestAnswer> answer = Optional.empty();
    private Optional<GuestAnswer> end = Optional.empty();
    private Optional<Long> ping = Optional.empty();
    private long guestCredit;
    private long bodyCredit;
    private boolean ready;
    private boolean exited;
    private GuestHold hold = GuestHold.NONE;
    private long wanted;

    Inbox() {
        this(GuestPhase.SILENT, GuestFrame.START_CREDIT, GuestFrame.START_CREDIT);
    }

    Inbox(SnapshotPoint point) {
        this(
                point.atRestore() ? GuestPhase.AT_RESTORE : GuestPhase.IDLE,
                point.guestCredit(),
                point.bodyCredit());
        ready = !point.atRestore();
    }

    /** Of a machine that was moved here, and is still held. */
    Inbox(MovePoint point) {
        this(
                point.called() ? GuestPhase.ASKED : GuestPhase.IDLE,
                point.guestCredit(),
                point.bodyCredit());
        ready = true;
        hold = GuestHold.HELD;
    }

    private Inbox(GuestPhase phase, long guestCredit, long bodyCredit) {
        this.phase = phase;
        this.guestCredit = guestCredit;
        this.bodyCredit = bodyCredit;
    }

    /**
     * Takes what the guest says.
     *
     * @throws BrokenFrameException if it may not say this now
     */
    void accept(GuestMessage message) {
        boolean greets = message instanceof GuestMessage.Hello;
        if (greets != (phase == GuestPhase.SILENT)) {
            throw new BrokenFrameException(
                    greets ? "HELLO came twice" : "the first frame is no HELLO");
        }
        if (hold == GuestHold.HELD) {
            throw new BrokenFrameException("a frame came of a guest that is held");
        }
        boolean isSign =
                message instanceof GuestMessage.Pong || message instanceof GuestMessage.Held;
        if (exited && !isSign) {
            throw new BrokenFrameException("a frame came after EXIT");
        }
        switch (message) {
            case GuestMessage.Hello greeting -> {
                hello = Optional.of(greeting.hello());
                phase = GuestPhase.STARTING;
            }
            case GuestMessage.Ready none -> ready();
            case GuestMessage.RestoreNext none -> {
                require(GuestPhase.STARTING, "RESTORE_NEXT");
                phase = GuestPhase.AT_RESTORE;
            }
            case GuestMessage.Begun begun -> {
                require(GuestPhase.ASKED, "RESPONSE_START");
                head = Optional.of(begun.head());
                phase = GuestPhase.ANSWERING;
            }
            case GuestMessage.Data bytes -> data(bytes);
            case GuestMessage.Finished finished -> {
                require(GuestPhase.ANSWERING, "RESPONSE_END");
                answered(new GuestAnswer.Answered(head.orElseThrow(), finished.error()));
            }
            case GuestMessage.Failure failure -> failure(failure);
            case GuestMessage.Exit exit -> {
                exited = true;
                end(exit.exited());
            }
            case GuestMessage.Credit credit -> credit(credit.bytes());
            case GuestMessage.Pong pong -> {
                if (ping.isEmpty() || ping.get() != pong.number()) {
                    throw new BrokenFrameException("PONG answers no PING");
                }
                ping = Optional.empty();
            }
            case GuestMessage.Held none -> held();
        }
    }

    private void held() {
        hold =
                switch (hold) {
                    case ASKED -> GuestHold.HELD;
                    case GIVEN_UP -> GuestHold.NONE;
                    case NONE, HELD -> throw new BrokenFrameException("HELD answers no HOLD");
                };
    }

    private void require(GuestPhase wantedPhase, String what) {
        if (phase != wantedPhase) {
            throw new BrokenFrameException("%s came while %s".formatted(what, phase));
        }
    }

    private void ready() {
        if (phase == GuestPhase.STARTING) {
            phase = GuestPhase.IDLE;
        } else if (phase != GuestPhase.IDLE && phase != GuestPhase.ASKED) {
            throw new BrokenFrameException("READY came while " + phase);
        }
        ready = true;
    }

    private void data(GuestMessage.Data bytes) {
        boolean response = bytes.stream() == Stream.RESPONSE;
        if (response) {
            require(GuestPhase.ANSWERING, "RESPONSE");
        }
        // LOG counts with the byte that says which stream it is for.
        guestCredit -= bytes.bytes().remaining() + (response ? 0 : 1);
        if (guestCredit < 0) {
            throw new BrokenFrameException("more data came than there was credit for");
        }
        data.add(bytes.stream(), bytes.bytes());
    }

    private void failure(GuestMessage.Failure failure) {
        if (!failure.init()) {
            require(GuestPhase.ASKED, "ERROR");
            answered(new GuestAnswer.Failed(failure.error()));
            return;
        }
        boolean starts =
                phase == GuestPhase.STARTING
                        || phase == GuestPhase.AT_RESTORE
                        || (phase == GuestPhase.ASKED && !ready);
        if (!starts) {
            throw new BrokenFrameException("ERROR of the start came while " + phase);
        }
        if (phase == GuestPhase.ASKED) {
            answered(new GuestAnswer.Failed(failure.error()));
        }
        startError = Optional.of(failure.error());
        phase = GuestPhase.FAILED;
    }

    private void credit(long bytes) {
        bodyCredit += bytes;
        if (bodyCredit > GuestFrame.START_CREDIT) {
            throw new BrokenFrameException("credit came for more than has been sent");
        }
    }

    private void answered(GuestAnswer how) {
        answer = Optional.of(how);
        phase = GuestPhase.IDLE;
        wanted = data.added();
    }

    /** Nothing more will come; the first reason counts. */
    void end(GuestAnswer why) {
        if (end.isEmpty()) {
            end = Optional.of(why);
            wanted = Math.max(wanted, data.added());
        }
    }

    /** The machine's connection is over: nothing that came before it was lost. */
    void broken(String reason) {
        end(new GuestAnswer.Broken(reason));
    }

    /** A call is to begin. */
    void ask() {
        if (phase != GuestPhase.IDLE && phase != GuestPhase.STARTING) {
            throw new IllegalStateException("no call can begin while " + phase);
        }
        head = Optional.empty();
        answer = Optional.empty();
        phase = GuestPhase.ASKED;
    }

    /** The machine goes on as another; what it says next is as after a start. */
    void restored() {
        if (phase == GuestPhase.AT_RESTORE) {
            phase = GuestPhase.STARTING;
        } else if (phase != GuestPhase.IDLE) {
            throw new IllegalStateException("no machine can be restored while " + phase);
        }
    }

    void pinged(long number) {
        ping = Optional.of(number);
    }

    boolean awaitsPong() {
        return ping.isPresent();
    }

    DataQueue data() {
        return data;
    }

    Optional<AgentHello> hello() {
        return hello;
    }

    Optional<ResponseHead> head() {
        return head;
    }

    /** How the call has ended, once all data that came before that has been taken. */
    Optional<GuestAnswer> answer() {
        Optional<GuestAnswer> how = answer.or(() -> end);
        return data.taken() >= wanted || data.isEmpty() ? how : Optional.empty();
    }

    Optional<GuestAnswer> end() {
        return end;
    }

    /** Where the start has come to, if it has come anywhere. */
    Optional<GuestStart> start() {
        if (startError.isPresent()) {
            return startError.map(GuestStart.Failed::new);
        }
        if (end.isPresent()) {
            return end.map(GuestStart.Ended::new);
        }
        if (phase == GuestPhase.AT_RESTORE) {
            return Optional.of(new GuestStart.AtRestore());
        }
        return phase == GuestPhase.IDLE ? Optional.of(new GuestStart.AtNext()) : Optional.empty();
    }

    /** Whether the function was last seen to wait for a call. */
    boolean isIdle() {
        return phase == GuestPhase.IDLE && end.isEmpty();
    }

    long bodyCredit() {
        return bodyCredit;
    }

    void bodySent(int bytes) {
        bodyCredit -= bytes;
    }

    /** Gives the guest this much more. */
    void granted(long bytes) {
        guestCredit += bytes;
    }

    /** Whether it can be asked to be silent where it is. */
    boolean mayBeHeld() {
        boolean waits = phase == GuestPhase.IDLE || phase == GuestPhase.ASKED;
        return waits && ready && hold == GuestHold.NONE && end.isEmpty();
    }

    void hold() {
        hold = GuestHold.ASKED;
    }

    boolean isHeld() {
        return hold == GuestHold.HELD;
    }

    /** It may speak again. */
    void released() {
        hold = hold == GuestHold.ASKED ? GuestHold.GIVEN_UP : GuestHold.NONE;
    }

    /** Where a guest is that is held; none if it was silent too late, and has begun to answer. */
    Optional<MovePoint> movePoint() {
        boolean waits = phase == GuestPhase.IDLE || phase == GuestPhase.ASKED;
        return isHeld() && waits && end.isEmpty()
                ? Optional.of(new MovePoint(phase == GuestPhase.ASKED, guestCredit, bodyCredit))
                : Optional.empty();
    }

    SnapshotPoint point() {
        return new SnapshotPoint(phase == GuestPhase.AT_RESTORE, guestCredit, bodyCredit);
    }
}
