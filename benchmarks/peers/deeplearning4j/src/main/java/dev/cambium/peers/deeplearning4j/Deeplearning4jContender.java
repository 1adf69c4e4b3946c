package dev.cambium.peers.deeplearning4j;

import java.io.IOException;

import org.bytedeco.javacpp.Loader;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

import dev.cambium.peers.Contender;
import dev.cambium.peers.Digits;
import dev.cambium.peers.Serving;

/**
 * Deeplearning4j's configured layers, channels-last, which is the faster order here. Its layers' own helpers for oneDNN are off in
 * 1.0.0-M2.1, and where they are switched on look for a class that is not there: convolutions are matrix products.
 */
public final class Deeplearning4jContender implements Contender {
    private static final double KEPT = 0.75;

    private final MultiLayerNetwork network;

    private Deeplearning4jContender(int threads, long seed) {
        network = new MultiLayerNetwork(layers(seed));
        Nd4j.getEnvironment().setMaxThreads(threads);
        network.init();
    }

    private static MultiLayerConfiguration layers(long seed) {
        return new NeuralNetConfiguration.Builder().seed(seed).updater(new Adam(0.001)).weightInit(WeightInit.RELU)
                .activation(Activation.RELU).convolutionMode(ConvolutionMode.Same).list().layer(convolution(32))
                .layer(pool()).layer(convolution(64)).layer(pool())
                .layer(new DropoutLayer.Builder(new SpatialDropout(KEPT)).activation(Activation.IDENTITY).build())
                .layer(new DenseLayer.Builder().nOut(1000).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.NEGATIVELOGLIKELIHOOD).nOut(Digits.CLASSES)
                        .weightInit(WeightInit.XAVIER).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(Digits.SIDE, Digits.SIDE, 1, CNN2DFormat.NHWC)).build();
    }

    private static ConvolutionLayer convolution(int filters) {
        return new ConvolutionLayer.Builder(3, 3).dataFormat(CNN2DFormat.NHWC).nOut(filters).build();
    }

    private static SubsamplingLayer pool() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                .build();
    }

    /** Serves Deeplearning4j. */
    public static void main(String[] arguments) throws IOException {
        Serving.serve(arguments, Deeplearning4jContender::new);
    }

    @Override
    public String version() throws IOException {
        return Loader.getVersion("org.nd4j", "nd4j-api", Nd4j.class);
    }

    @Override
    public double train(Digits.Batches batches, int steps) {
        for (int i = 0; i < steps; i++) {
            Digits.Batch batch = batches.next();
            int count = batch.labels().length;
            float[] oneHot = new float[count * Digits.CLASSES];
            for (int k = 0; k < count; k++) {
                oneHot[k * Digits.CLASSES + (int) batch.labels()[k]] = 1;
            }
            try (INDArray images = images(batch.images(), count);
                    INDArray labels = Nd4j.create(oneHot, new int[] {count, Digits.CLASSES})) {
                network.fit(images, labels);
            }
        }
        return network.score();
    }

    @Override
    public int[] classify(float[] images, int count) {
        try (INDArray input = images(images, count)) {
            return Contender.highest(network.output(input).data().asFloat());
        }
    }

    /** With a single channel, channels-first and channels-last are the same. */
    private static INDArray images(float[] images, int count) {
        return Nd4j.create(images, new int[] {count, Digits.SIDE, Digits.SIDE, 1});
    }

    @Override
    public void close() {
        network.close();
    }
}
