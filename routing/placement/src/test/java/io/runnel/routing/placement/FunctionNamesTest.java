package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class FunctionNamesTest {
    private static final Caller DEMO = new Caller.Keyed(new AccountId("demo"), "RNL");
    private static final Optional<TaskRef> HELLO = Optional.of(TaskRef.of("demo", "hello"));

    @Test
    void aBareNameIsTheCallersOwn() {
        assertEquals(HELLO, FunctionNames.task("hello", DEMO));
        assertEquals(HELLO, FunctionNames.task("hello:$LATEST", DEMO));
        assertEquals(Optional.empty(), FunctionNames.task("hello", Caller.ANONYMOUS));
    }

    @Test
    void anArnNamesTheAccount() {
        for (Caller caller : new Caller[] {DEMO, Caller.ANONYMOUS}) {
            assertEquals(HELLO, FunctionNames.task("demo:function:hello", caller));
            String arn = "arn:aws:lambda:eu-west-1:demo:function:hello";
            assertEquals(HELLO, FunctionNames.task(arn, caller));
            assertEquals(HELLO, FunctionNames.task(arn + ":$LATEST", caller));
        }
    }

    @Test
    void whatIsNoNameIsNoTask() {
        String[] bad = {
            "",
            ":",
            "a:b",
            "hello:1",
            "Hello",
            "-a",
            "../x",
            "arn:aws:s3:eu:demo:function:hello",
            "demo:function:",
            ":function:hello",
            "-x:function:hello",
            "a".repeat(64),
            "a".repeat(100_000)
        };
        for (String name : bad) {
            assertEquals(Optional.empty(), FunctionNames.task(name, DEMO), name);
        }
    }
}
