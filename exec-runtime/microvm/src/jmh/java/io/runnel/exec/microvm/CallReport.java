package io.runnel.exec.microvm;

import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.GuestAct;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.microvm.machine.RawEcho;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a warm call of a function takes, beside the bare way to a guest and back, in turns in one
 * run. The function is written in C and answers with its event. A main program: {@code java -cp …
 * CallReport [rounds]}.
 */
public final class CallReport {
    private static final int ROUNDS = 20;
    private static final int WARM_UP = 10;
    private static final int CALLS = 50;
    private static final int BYTES = 1024;

    private CallReport() {}

    /** Prints medians and their ratio. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        Path folder = Files.createTempDirectory("calls");
        byte[] body = new byte[BYTES];
        Arrays.fill(body, (byte) 'x');
        try (TestMicrovms microvms = new TestMicrovms(folder);
                RawEcho raw = RawEcho.start()) {
            byte[] code = microvms.acting(GuestAct.ECHO);
            Task task = Contracts.task(RuntimeKind.LINUX, "echo", code, Limits.DEFAULT);
            Program program = microvms.runtime().open(task, code);
            program.optimize();
            Isolate isolate = program.newIsolate(Reuse.KEPT);
            double[] calls = new double[rounds];
            double[] echoes = new double[rounds];
            for (int i = -WARM_UP; i < rounds; i++) {
                double call = micros(() -> call(isolate, task, body));
                double echo = micros(() -> raw.echo(body));
                if (i >= 0) {
                    calls[i] = call;
                    echoes[i] = echo;
                }
            }
            double call = median(calls);
            double echo = median(echoes);
            print("a warm call", call);
            print("a bare echo", echo);
            print("their ratio", call / echo);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void call(Isolate isolate, Task task, byte[] body) {
        Outcome outcome =
                isolate.run(
                        Contracts.invocation(task),
                        new ByteArrayInputStream(body),
                        OutputSink.NOWHERE,
                        OutputSink.NOWHERE);
        if (!(outcome instanceof Outcome.Completed)) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    private static double micros(Work work) throws Exception {
        double[] each = new double[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long begun = System.nanoTime();
            work.run();
            each[i] = (System.nanoTime() - begun) / 1e3;
        }
        return median(each);
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
    }

    private static void print(String what, double value) {
        System.out.println(String.format(Locale.ROOT, "%-12s %10.2f", what, value));
    }
}
