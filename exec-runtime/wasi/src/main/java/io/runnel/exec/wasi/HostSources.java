package io.runnel.exec.wasi;

import io.runnel.exec.task.InstanceDocuments;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What the guests of a program get of the host. Shared by all calls.
 *
 * @param clock the time of day
 * @param nanoClock monotonic; guests see it from the beginning of their call
 * @param random secure; no call can tell from its bytes what another one got
 * @param clockStepNanos clocks show multiples of this only, at least 1: coarse clocks keep guests
 *     from measuring their neighbours
 * @param files what each call finds at its start
 * @param outbound what sends their requests
 * @param devices what they may use if their task says so
 * @param documents what says to others who a call is
 */
public record HostSources(
        InstantSource clock,
        LongSupplier nanoClock,
        SecureRandom random,
        long clockStepNanos,
        GuestFiles files,
        OutboundHttp outbound,
        HostDevices devices,
        InstanceDocuments documents) {
    public HostSources {
        if (clockStepNanos < 1) {
            throw new IllegalArgumentException("a clock's step must be positive");
        }
    }

    /** With exact clocks, the files of a task without assets, no requests, no devices. */
    public HostSources(InstantSource clock, LongSupplier nanoClock, SecureRandom random) {
        this(
                clock,
                nanoClock,
                random,
                1,
                GuestFiles.ofTask(Assets.EMPTY, FileLimits.DEFAULT),
                OutboundHttp.NONE,
                HostDevices.NONE,
                InstanceDocuments.NONE);
    }

    /** Those of this process. */
    public static HostSources ofSystem() {
        return new HostSources(InstantSource.system(), System::nanoTime, new SecureRandom());
    }

    /** The same with other files. */
    public HostSources withFiles(GuestFiles others) {
        return new HostSources(
                clock, nanoClock, random, clockStepNanos, others, outbound, devices, documents);
    }

    /** The same with clocks that show multiples of this only. */
    public HostSources withClockStepNanos(long nanos) {
        return new HostSources(
                clock, nanoClock, random, nanos, files, outbound, devices, documents);
    }

    /** The same, with requests sent by this. */
    public HostSources withOutbound(OutboundHttp other) {
        return new HostSources(
                clock, nanoClock, random, clockStepNanos, files, other, devices, documents);
    }

    /** The same, with these devices. */
    public HostSources withDevices(HostDevices others) {
        return new HostSources(
                clock, nanoClock, random, clockStepNanos, files, outbound, others, documents);
    }

    /** The same, with this saying who calls are. */
    public HostSources withDocuments(InstanceDocuments others) {
        return new HostSources(
                clock, nanoClock, random, clockStepNanos, files, outbound, devices, others);
    }
}
