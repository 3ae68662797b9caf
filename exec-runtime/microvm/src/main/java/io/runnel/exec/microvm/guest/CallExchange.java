package io.runnel.exec.microvm.guest;

import io.runnel.exec.isolate.OutputSink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** One call of a guest: its body goes, its answer and its log come, by one thread. */
final class CallExchange {
    private final AgentChannel channel;
    private final InputStream body;
    private final Consumer<ResponseHead> onHead;
    private final OutputSink out;
    private final OutputSink log;
    private boolean headTold;
    private boolean bodySent;

    CallExchange(
            AgentChannel channel,
            InputStream body,
            Consumer<ResponseHead> onHead,
            OutputSink out,
            OutputSink log) {
        this.channel = channel;
        this.body = body;
        this.onHead = onHead;
        this.out = out;
        this.log = log;
    }

    /**
     * Runs it to its end.
     *
     * @param asked whether the guest has been asked; else only what it said at its end is taken
     */
    GuestAnswer run(boolean asked) throws IOException, InterruptedException {
        bodySent = !asked;
        while (true) {
            switch (channel.next(headTold, bodySent)) {
                case AgentChannel.Step.Head(ResponseHead head) -> {
                    headTold = true;
                    onHead.accept(head);
                }
                case AgentChannel.Step.Bytes(DataQueue.Taken taken) -> pass(taken);
                case AgentChannel.Step.Send(int most) -> send(most);
                case AgentChannel.Step.Over(GuestAnswer answer) -> {
                    // The agent wants to know where this call's body ends, even if it needs no
                    // more.
                    endBody();
                    return answer;
                }
            }
        }
    }

    private void pass(DataQueue.Taken taken) throws InterruptedException {
        ByteBuffer bytes = taken.bytes();
        int length = bytes.remaining();
        switch (taken.stream()) {
            case RESPONSE -> {
                AgentChannel.write(out, bytes);
                channel.grant(length);
            }
            case OUTPUT, ERROR -> {
                AgentChannel.write(log, bytes);
                channel.grant(length + 1L);
            }
        }
    }

    private void send(int most) throws IOException, InterruptedException {
        byte[] part = body.readNBytes(most);
        if (part.length > 0) {
            channel.sendBody(part, part.length);
        }
        if (part.length < most) {
            endBody();
        }
    }

    private void endBody() throws InterruptedException {
        if (!bodySent) {
            bodySent = true;
            channel.sendBodyEnd();
        }
    }
}
