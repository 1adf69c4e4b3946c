package dev.cambium.app.command;

import java.util.function.Supplier;

import dev.cambium.app.terminal.SummaryTable;
import dev.cambium.app.wiring.ChosenPart;
import dev.cambium.app.wiring.PartChoice;
import dev.cambium.app.wiring.Platform;
import dev.cambium.models.Summary;
import dev.cambium.nn.Layer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "summary", mixinStandardHelpOptions = true,
        description = "Shows a network layer by layer: output shape, parameters, floating-point operations.")
final class SummaryCommand implements Runnable {
    private final Supplier<Platform> platform;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--network", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            defaultValue = "mnist-cnn", description = "The network. Default: ${DEFAULT-VALUE}.")
    private PartChoice network = new PartChoice("");

    @Option(names = "--input", paramLabel = "SHAPE", defaultValue = "1x28x28", converter = Converters.Dimensions.class,
            description = "The shape of one input, of an image channels, height and width. Default: ${DEFAULT-VALUE}.")
    private Shape input = Shape.scalar();

    SummaryCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = platform.get();
        ChosenPart<Layer> layer = PartOption.create(command, "--network", network, chosen.parts(), Layer.class);
        Summary summary = Summary.of(layer.part(), new TensorType(DType.FLOAT32, input));
        SummaryTable.print(chosen.terminal(), layer.name(), summary);
    }
}
