package io.runnel.exec.wasm;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** What a guest gets of the host: the time, a stopwatch, and random bytes. */
record HostSources(InstantSource clock, LongSupplier nanoClock, SecureRandom random) {
    static HostSources ofSystem() {
        return new HostSources(InstantSource.system(), System::nanoTime, new SecureRandom());
    }
}
