package io.runnel.exec.wasi;

class ArrayMemoryTest extends WasiMemoryContract {
    @Override
    protected WasiMemory memory(GuestCall call) {
        ArrayMemory memory = new ArrayMemory(SIZE, BESIDES);
        memory.begin(call);
        return memory;
    }
}
