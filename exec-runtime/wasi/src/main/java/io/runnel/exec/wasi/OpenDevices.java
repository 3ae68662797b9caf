package io.runnel.exec.wasi;

import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The devices that a call has open: each takes a file of the host. One thread. */
final class OpenDevices {
    private static final int MOST = 16;

    private final GuestCall call;
    private final List<OpenDevice> open = new ArrayList<>();

    OpenDevices(GuestCall call) {
        this.call = call;
    }

    /**
     * Opens one.
     *
     * @throws WasiFailure if it cannot be opened; the owner reads why
     */
    OpenDevice open(DeviceNode device, boolean reads, boolean writes) {
        if (open.size() == MOST) {
            throw new WasiFailure(Errno.MFILE);
        }
        GuestInterrupted.check();
        try {
            HostDevice host = call.host().devices().device(device.name());
            OpenDevice opened = new OpenDevice(device, host.open(options(reads, writes)), this);
            open.add(opened);
            return opened;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestInterrupted();
        } catch (IOException e) {
            String why = "runnel: device %s %s".formatted(device.name(), e.getMessage());
            call.streams().log(GuestLog.warning(why));
            throw new WasiFailure(Errno.NODEV);
        }
    }

    private static Set<OpenOption> options(boolean reads, boolean writes) {
        Set<OpenOption> options = new HashSet<>();
        if (reads || !writes) {
            options.add(StandardOpenOption.READ);
        }
        if (writes) {
            options.add(StandardOpenOption.WRITE);
        }
        return options;
    }

    void close(OpenDevice device) {
        open.remove(device);
        device.close();
    }

    /** The call is over. */
    void closeAll() {
        open.forEach(OpenDevice::close);
        open.clear();
    }
}
