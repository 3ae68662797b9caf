package io.runnel.exec.microvm.guest;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A guest's frame, read and checked for itself; whether it may come now is {@link Inbox}'s. */
sealed interface GuestMessage {
    record Hello(AgentHello hello) implements GuestMessage {}

    record Ready() implements GuestMessage {}

    record RestoreNext() implements GuestMessage {}

    record Begun(ResponseHead head) implements GuestMessage {}

    /** Bytes for one stream of the host. */
    record Data(Stream stream, ByteBuffer bytes) implements GuestMessage {}

    record Finished(Optional<GuestError> error) implements GuestMessage {}

    /** The call's, or at the start the function's. */
    record Failure(GuestError error, boolean init) implements GuestMessage {}

    record Exit(GuestAnswer.Exited exited) implements GuestMessage {}

    record Credit(long bytes) implements GuestMessage {}

    record Pong(long number) implements GuestMessage {}

    record Held() implements GuestMessage {}

    /** Where bytes go. */
    enum Stream {
        /** The answer. */
        RESPONSE,
        /** Printed on standard output. */
        OUTPUT,
        /** Printed on standard error. */
        ERROR
    }

    /**
     * Reads a frame.
     *
     * @throws BrokenFrameException if it is none that the agent sends
     */
    static GuestMessage of(GuestFrame frame) {
        return switch (frame.type()) {
            case HELLO -> hello(frame);
            case READY -> empty(frame, new Ready());
            case RESTORE_NEXT -> empty(frame, new RestoreNext());
            case RESPONSE_START -> begun(frame);
            case RESPONSE -> data(Stream.RESPONSE, frame, 0);
            case LOG -> log(frame);
            case RESPONSE_END -> finished(frame);
            case ERROR -> failure(frame);
            case EXIT -> exit(frame);
            case BODY_CREDIT -> new Credit(frame.number());
            case PONG -> pong(frame);
            case HELD -> empty(frame, new Held());
            case CONFIG, INVOKE, BODY, BODY_END, CREDIT, RESTORED, STOP, PING, HOLD, RELEASE ->
                    throw new BrokenFrameException(frame.type() + " is the host's");
        };
    }

    private static GuestMessage empty(GuestFrame frame, GuestMessage message) {
        frame.require(0);
        return message;
    }

    private static GuestMessage hello(GuestFrame frame) {
        GuestJson json = GuestJson.of(frame);
        int version =
                json.optionalNumber("agent")
                        .orElseThrow(() -> new BrokenFrameException("HELLO has no agent"));
        String kernel = json.text("kernel");
        json.end();
        return new Hello(new AgentHello(version, kernel));
    }

    private static GuestMessage begun(GuestFrame frame) {
        GuestJson json = GuestJson.of(frame);
        ResponseHead head = new ResponseHead(json.text("contentType"), json.flag("streaming"));
        json.end();
        return new Begun(head);
    }

    private static GuestMessage data(Stream stream, GuestFrame frame, int from) {
        if (frame.length() <= from) {
            throw new BrokenFrameException(frame.type() + " has no bytes");
        }
        return new Data(stream, ByteBuffer.wrap(frame.payload(), from, frame.length() - from));
    }

    private static GuestMessage log(GuestFrame frame) {
        int number = frame.length() == 0 ? 0 : frame.payload()[0];
        return switch (number) {
            case 1 -> data(Stream.OUTPUT, frame, 1);
            case 2 -> data(Stream.ERROR, frame, 1);
            default -> throw new BrokenFrameException("LOG is for no stream that there is");
        };
    }

    private static GuestMessage finished(GuestFrame frame) {
        if (frame.length() == 0) {
            return new Finished(Optional.empty());
        }
        GuestJson json = GuestJson.of(frame);
        Optional<String> type = json.optionalText("errorType");
        Optional<String> body = json.optionalText("errorBody");
        json.end();
        return new Finished(type.map(name -> new GuestError(name, body.orElse(""))));
    }

    private static GuestMessage failure(GuestFrame frame) {
        GuestJson json = GuestJson.of(frame);
        json.optionalText("requestId");
        GuestError error = new GuestError(json.text("errorType"), json.text("body"));
        boolean init = json.flag("init");
        json.end();
        return new Failure(error, init);
    }

    private static GuestMessage exit(GuestFrame frame) {
        GuestJson json = GuestJson.of(frame);
        GuestAnswer.Exited exited =
                new GuestAnswer.Exited(
                        json.optionalNumber("code"),
                        json.optionalNumber("signal"),
                        json.flag("oomKilled"));
        json.end();
        if (exited.code().isPresent() == exited.signal().isPresent()) {
            throw new BrokenFrameException("EXIT must have either a code or a signal");
        }
        return new Exit(exited);
    }

    private static GuestMessage pong(GuestFrame frame) {
        frame.require(Long.BYTES);
        return new Pong(ByteBuffer.wrap(frame.payload()).getLong());
    }
}
