package dev.cambium.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

class ConfigTest {
    @Test
    void a_session_on_the_processor_has_threads_of_its_own_and_sees_no_graphics_card() throws Exception {
        assertThat(ConfigProto.parseFrom(Config.cpu(300))).isEqualTo(ConfigProto.newBuilder().putDeviceCount("GPU", 0)
                .setIntraOpParallelismThreads(300).setInterOpParallelismThreads(1).setUsePerSessionThreads(true)
                .setGraphOptions(exact()).build());
    }

    @Test
    void a_session_on_a_graphics_card_takes_the_memory_that_it_needs_and_leaves_to_the_processor_what_the_card_cannot()
            throws Exception {
        assertThat(ConfigProto.parseFrom(Config.gpu(2))).isEqualTo(ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(2).setInterOpParallelismThreads(1).setUsePerSessionThreads(true)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true)).setAllowSoftPlacement(true)
                .setGraphOptions(exact()).build());
    }

    /** The rewritings of graphs that change values are left out. */
    private static GraphOptions exact() {
        return GraphOptions.newBuilder()
                .setRewriteOptions(RewriterConfig.newBuilder().setConstantFolding(RewriterConfig.Toggle.OFF)
                        .setArithmeticOptimization(RewriterConfig.Toggle.OFF).setRemapping(RewriterConfig.Toggle.OFF))
                .build();
    }
}
