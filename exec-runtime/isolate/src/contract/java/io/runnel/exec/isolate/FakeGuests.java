package io.runnel.exec.isolate;

import io.runnel.exec.task.Invocation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** The guests of the contract, in Java. */
final class FakeGuests {
    private FakeGuests() {}

    static FakeRuntime.Guest of(GuestAct act) {
        return switch (act) {
            case HELLO -> (call, in, out, log) -> say(out, "hello");
            case EXIT_3 -> (call, in, out, log) -> 3;
            case ECHO -> (call, in, out, log) -> echo(in, out);
            case LOG -> (call, in, out, log) -> say(log, "note");
            case ENVIRONMENT -> (call, in, out, log) -> environment(call, out);
            case ARGUMENTS -> FakeGuests::arguments;
            case REMEMBER, COUNT ->
                    (call, in, out, log) -> say(out, Integer.toString(FakeProgram.memory()[0]++));
            case SPIN -> (call, in, out, log) -> spin(out);
            case SLEEP -> (call, in, out, log) -> sleep(out);
            case READ_ON -> (call, in, out, log) -> say(out, ".") + echo(in, OutputSink.NOWHERE);
            case TRAP -> (call, in, out, log) -> trap();
            case RECURSE -> (call, in, out, log) -> recurse(0);
            case GROW -> (call, in, out, log) -> grow();
            case FLOOD -> (call, in, out, log) -> flood(out);
        };
    }

    private static int say(OutputSink sink, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sink.write(bytes, 0, bytes.length);
        return 0;
    }

    private static int echo(InputStream in, OutputSink out) throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
        return 0;
    }

    private static int environment(Invocation call, OutputSink out) {
        call.environment().forEach((name, value) -> say(out, name + "=" + value + "\n"));
        return 0;
    }

    private static int arguments(Invocation call, InputStream in, OutputSink out, OutputSink log) {
        call.arguments().forEach(argument -> say(out, argument + "\n"));
        return 0;
    }

    private static int spin(OutputSink out) throws InterruptedException {
        say(out, ".");
        while (!Thread.interrupted()) {
            Thread.onSpinWait();
        }
        throw new InterruptedException();
    }

    private static int sleep(OutputSink out) throws InterruptedException {
        say(out, ".");
        new CountDownLatch(1).await();
        return 0;
    }

    private static int trap() {
        throw new FakeRuntime.TrapError("unreachable");
    }

    private static int grow() {
        throw new FakeRuntime.MemoryError();
    }

    private static int recurse(int depth) {
        return depth < 0 ? 0 : recurse(depth + 1) + 1;
    }

    private static int flood(OutputSink out) {
        byte[] bytes = new byte[64 * 1024];
        while (true) {
            out.write(bytes, 0, bytes.length);
        }
    }
}
