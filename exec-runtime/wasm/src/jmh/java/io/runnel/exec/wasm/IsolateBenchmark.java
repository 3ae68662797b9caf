package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * What a fresh isolate for each call costs: {@link #call} less {@link #guestAlone}, beside {@link
 * #floor}, a plain copy of the whole image. Images are full of data that is not zero; a guest
 * writes one number in each of so many pages of 4 KiB.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IsolateBenchmark {
    private static final int DIRTY_PAGE_BYTES = 4096;

    /** The size of the image, all of it data. */
    @Param({"128", "2048"})
    public int imageKiB;

    /** In how many pages of 4 KiB the guest writes; 0: in all. */
    @Param({"8", "32", "0"})
    public int writtenPages;

    private Isolate isolate;
    private Invocation invocation;
    private GuestInstance alone;
    private int command;
    private byte[] image;
    private byte[] copy;

    /** Builds the module and compiles it. */
    @Setup
    public void open() throws Exception {
        byte[] module = module();
        Program program = Programs.runtime().open(Programs.task(module), module);
        program.optimize();
        isolate = program.newIsolate();
        invocation = Contracts.invocation(Programs.task(module));
        WasmProgram same = (WasmProgram) program;
        alone = same.instantiate(same.engine(), same.image());
        alone.memory().begin(TestCalls.none(), 1L << 30);
        command = same.command();
        image = new byte[imageKiB << 10];
        copy = new byte[imageKiB << 10];
    }

    private byte[] module() {
        int size = imageKiB << 10;
        int pages = writtenPages == 0 ? size / DIRTY_PAGE_BYTES : writtenPages;
        ModuleBytes loop =
                bytes().raw(1, 1, 0x7F, 0x03, 0x40)
                        // memory[local] = local
                        .raw(0x20, 0, 0x20, 0, 0x36, 2, 0)
                        // local += 4096, again while local < pages * 4096
                        .raw(0x20, 0, 0x41)
                        .signed(DIRTY_PAGE_BYTES)
                        .raw(0x6A, 0x22, 0, 0x41)
                        .signed(pages * DIRTY_PAGE_BYTES)
                        .raw(0x49, 0x0D, 0, 0x0B, 0x0B);
        ModuleBytes data = bytes().raw(1, 0, 0x41, 0, 0x0B).u32(size).repeat(size, 7);
        return ModuleBytes.module()
                .section(1, bytes().raw(1, 0x60, 0, 0))
                .section(3, bytes().raw(1, 0))
                .section(5, bytes().raw(1, 0).u32(size >> 16))
                .section(7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0))
                .code(loop)
                .section(11, data)
                .toBytes();
    }

    /** A call, with all that is around the guest. */
    @Benchmark
    public Outcome call() {
        return isolate.run(
                invocation, InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);
    }

    /** The guest, again and again, with nothing brought back. */
    @Benchmark
    public void guestAlone() {
        alone.run(command);
    }

    /** A copy of the whole image. */
    @Benchmark
    public byte[] floor() {
        System.arraycopy(image, 0, copy, 0, image.length);
        return copy;
    }
}
