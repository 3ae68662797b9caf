package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.topology.Address;
import io.runnel.topology.Devices;
import io.runnel.topology.Location;
import io.runnel.topology.Pop;
import io.runnel.topology.Restrictions;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

class FitTest {
    private static final Pop POP =
            pop(
                    new Restrictions(
                            ByteSize.ofMiB(256),
                            Duration.ofSeconds(30),
                            Set.of(RuntimeKind.WASM, RuntimeKind.JS)));

    private static Pop pop(Restrictions restrictions) {
        return pop(restrictions, Devices.NONE);
    }

    private static Pop pop(Restrictions restrictions, Devices devices) {
        return new Pop(
                new PopId("ams"),
                new Location(52.37, 4.9),
                new Address("127.0.0.1", 8081),
                List.of(),
                new Address("127.0.0.1", 8181),
                new RegionId("eu-west"),
                List.of(new RegionId("us-east")),
                4,
                ByteSize.ofMiB(1024),
                restrictions,
                devices);
    }

    @Test
    void whatIsExactlyAtTheRestrictionsFits() {
        Limits most =
                Limits.DEFAULT.withMemory(ByteSize.ofMiB(256)).withTimeout(Duration.ofSeconds(30));
        assertEquals(Fit.FITS, fit(RuntimeKind.WASM, most));
        assertEquals(
                Fit.TOO_MUCH_MEMORY,
                fit(RuntimeKind.WASM, most.withMemory(new ByteSize((256L << 20) + 1))));
        assertEquals(
                Fit.TOO_LONG, fit(RuntimeKind.WASM, most.withTimeout(Duration.ofMillis(30_001))));
        assertEquals(Fit.NO_RUNTIME, fit(RuntimeKind.LINUX, most));
    }

    @Test
    void aVersionBoundToRegionsFitsOnlyBeforeOneOfThem() {
        assertEquals(Fit.BOUND_ELSEWHERE, fit(RuntimeKind.WASM, Limits.DEFAULT, "us-east"));
        assertEquals(Fit.FITS, fit(RuntimeKind.WASM, Limits.DEFAULT, "us-east", "eu-west"));
        assertEquals(Fit.BOUND_ELSEWHERE, fit(RuntimeKind.LINUX, Limits.DEFAULT, "us-east"));
    }

    @Test
    void whatSendsRequestsFitsOnlyWhereTheyMayLeave() {
        Task sends = task(RuntimeKind.WASM, Limits.DEFAULT, "api.example.org");
        VersionRecord version = version(sends, List.of());
        assertEquals(Fit.FITS, Fit.of(version, POP));
        Restrictions all = POP.restrictions();
        Restrictions silent =
                new Restrictions(all.maxMemory(), all.maxDuration(), all.runtimes(), false);
        assertEquals(Fit.NO_NETWORK, Fit.of(version, pop(silent)));
        VersionRecord quiet = version(task(RuntimeKind.WASM, Limits.DEFAULT), List.of());
        assertEquals(Fit.FITS, Fit.of(quiet, pop(silent)));
    }

    @Test
    void whatUsesDevicesFitsOnlyWhereAllOfThemAre() {
        DeviceName sensor = new DeviceName("sensor");
        DeviceName camera = new DeviceName("camera");
        Task uses =
                task(
                        RuntimeKind.WASM,
                        Limits.DEFAULT,
                        TaskOptions.DEFAULT.withDevices(List.of(sensor, camera)));
        VersionRecord version = version(uses, List.of());
        Devices one = new Devices(Map.of(sensor, "/dev/ttyS0"));
        Devices both = new Devices(Map.of(sensor, "/dev/ttyS0", camera, "/dev/video0"));
        assertEquals(Fit.NO_DEVICE, Fit.of(version, POP));
        assertEquals(Fit.NO_DEVICE, Fit.of(version, pop(POP.restrictions(), one)));
        assertEquals(Fit.FITS, Fit.of(version, pop(POP.restrictions(), both)));
        VersionRecord plain = version(task(RuntimeKind.WASM, Limits.DEFAULT), List.of());
        assertEquals(Fit.FITS, Fit.of(plain, pop(POP.restrictions(), both)));
    }

    private static Fit fit(RuntimeKind runtime, Limits limits, String... regions) {
        List<RegionId> bound = Arrays.stream(regions).map(RegionId::new).toList();
        return Fit.of(version(task(runtime, limits), bound), POP);
    }

    private static VersionRecord version(Task task, List<RegionId> bound) {
        return new VersionRecord(task, ByteSize.ofKiB(1), bound, Instant.EPOCH);
    }

    private static Task task(RuntimeKind runtime, Limits limits, String... outbound) {
        return task(
                runtime,
                limits,
                TaskOptions.DEFAULT.withOutbound(
                        Arrays.stream(outbound).map(OutboundHost::parse).toList()));
    }

    private static Task task(RuntimeKind runtime, Limits limits, TaskOptions options) {
        return new Task(
                TaskRef.of("demo", "hello"),
                1,
                runtime,
                HandlerKind.HTTP,
                CodeDigest.of(new byte[] {1}),
                limits,
                Map.of(),
                options);
    }
}
