package io.runnel.exec.wasm;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.wasi.GuestCall;
import io.runnel.exec.wasi.HostSources;
import io.runnel.exec.wasi.StandardStreams;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** Calls for tests of what holds them. */
final class TestCalls {
    private TestCalls() {}

    /** A call with nothing in it. */
    static GuestCall none() {
        var streams =
                new StandardStreams(
                        InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);
        return new GuestCall(List.of(), Map.of(), streams, HostSources.ofSystem());
    }
}
