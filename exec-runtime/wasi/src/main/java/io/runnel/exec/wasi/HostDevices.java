package io.runnel.exec.wasi;

import io.runnel.exec.task.DeviceName;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The character devices of the host that guests may use, if their task says so. Shared by all
 * calls, any thread.
 */
public final class HostDevices {
    /** There are none. */
    public static final HostDevices NONE = new HostDevices(Map.of());

    private static final System.Logger LOG = System.getLogger(HostDevices.class.getName());

    private final Map<DeviceName, HostDevice> all;

    private HostDevices(Map<DeviceName, HostDevice> all) {
        this.all = Map.copyOf(all);
    }

    /** Those of these files. One that is not there now is told to the node's log. */
    public static HostDevices of(Map<DeviceName, String> files) {
        Map<DeviceName, HostDevice> all = new HashMap<>();
        files.forEach((name, path) -> all.put(name, new HostDevice(Path.of(path))));
        all.forEach(
                (name, device) -> {
                    if (!Files.exists(device.file())) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "device {0} cannot be used: {1} is not there",
                                name,
                                device.file());
                    }
                });
        return new HostDevices(all);
    }

    /** A folder with those of these names; a name without a device is left out. */
    DeviceFolder folder(List<DeviceName> names, AssetFolder above) {
        return new DeviceFolder(
                above.number(), names.stream().filter(all::containsKey).sorted().toList());
    }

    /** The one of this name, which a {@link #folder} has. */
    HostDevice device(DeviceName name) {
        return all.get(name);
    }
}
