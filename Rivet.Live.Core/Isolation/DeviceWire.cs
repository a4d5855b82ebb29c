using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.MessagePack;

namespace Rivet.Live.Core.Isolation;

/// <summary>The machine's devices, and what the operator wants of them, on the wire.</summary>
internal static class DeviceWire
{
    public static void Write(in MessagePackWriter output, DeviceOrder order)
    {
        output.WriteArrayHeader(2);
        Write(output, order.Plan);
        output.WriteArrayHeader(order.Hardware.Count);
        foreach (HardwareOrder hardware in order.Hardware)
        {
            Write(output, hardware);
        }
    }

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static DeviceOrder Read(ref MessagePackReader input)
    {
        input.ReadItems(2);
        return new DeviceOrder(ReadPlan(ref input), ReadHardware(ref input));
    }

    private static void Write(in MessagePackWriter output, DevicePlan plan)
    {
        output.WriteArrayHeader(7);
        output.Write(plan.Policy.Index);
        output.Write(plan.Policy.Vendor);
        output.Write((long)plan.DecodeDevice);
        output.Write((long)plan.DecodersMax);
        output.Write(plan.Deadlines.Open);
        output.Write(plan.Deadlines.Picture);
        output.WriteArrayHeader(plan.Simulated.Count);
        foreach (SimulatedDevice device in plan.Simulated)
        {
            output.WriteArrayHeader(5);
            output.Write(device.Vendor);
            output.Write(device.Slots);
            output.Write(device.Faults.Speed);
            Write(output, device.Abilities);
            Write(output, device.Decodes);
        }
    }

    /// <summary>The devices without what bounds them: who is lent what, the server decides.</summary>
    private static DevicePlan ReadPlan(ref MessagePackReader input)
    {
        input.ReadItems(7);
        return new DevicePlan
        {
            Policy = new DevicePolicy(input.ReadOptionalInt32(), input.ReadString()),
            DecodeDevice = input.ReadInt32(),
            DecodersMax = input.ReadInt32(),
            Deadlines = new EncoderDeadlines(input.ReadSpan(), input.ReadSpan()),
            Simulated = ReadSimulated(ref input),
            BoundsWork = false,
        };
    }

    private static void Write(in MessagePackWriter output, HardwareOrder hardware)
    {
        output.WriteArrayHeader(7);
        output.Write(hardware.Node.Api);
        output.Write(hardware.Node.Vendor);
        output.Write(hardware.Node.Name);
        output.Write(hardware.Node.Address);
        output.WriteArrayHeader(hardware.Node.DirectCodecs.Count);
        foreach (VideoCodec codec in hardware.Node.DirectCodecs)
        {
            output.Write(codec);
        }

        Write(output, hardware.Abilities);
        Write(output, hardware.Decodes);
    }

    private static HardwareOrder[] ReadHardware(ref MessagePackReader input)
    {
        HardwareOrder[] hardware = new HardwareOrder[input.ReadCount()];
        for (int index = 0; index < hardware.Length; index++)
        {
            input.ReadItems(7);
            HardwareNode node = new(input.ReadEnum<EncoderApi>(), input.ReadText(), input.ReadString(), input.ReadText()) { DirectCodecs = ReadCodecs(ref input) };
            hardware[index] = new HardwareOrder(node, ReadAbilities(ref input), ReadAbilities(ref input));
        }

        return hardware;
    }

    private static VideoCodec[] ReadCodecs(ref MessagePackReader input)
    {
        VideoCodec[] codecs = new VideoCodec[input.ReadCount()];
        for (int index = 0; index < codecs.Length; index++)
        {
            codecs[index] = input.ReadEnum<VideoCodec>();
        }

        return codecs;
    }

    private static SimulatedDevice[] ReadSimulated(ref MessagePackReader input)
    {
        SimulatedDevice[] devices = new SimulatedDevice[input.ReadCount()];
        for (int index = 0; index < devices.Length; index++)
        {
            input.ReadItems(5);
            SimulatedFaults faults = new();
            SimulatedDevice device = new(input.ReadText(), input.ReadOptionalInt32(), faults);
            faults.Slow(input.ReadOptionalDouble());
            devices[index] = device with { Abilities = ReadAbilities(ref input), Decodes = ReadAbilities(ref input) };
        }

        return devices;
    }

    private static void Write(in MessagePackWriter output, CodecAbilities abilities)
    {
        output.WriteArrayHeader(1 + CodecAbilities.Candidates.Count);
        output.Write(abilities.Why);
        foreach ((VideoCodec codec, int bitDepth) in CodecAbilities.Candidates)
        {
            output.Write(abilities.Has(codec, bitDepth));
        }
    }

    private static CodecAbilities ReadAbilities(ref MessagePackReader input)
    {
        input.ReadItems(1 + CodecAbilities.Candidates.Count);
        string? why = input.ReadString();
        List<(VideoCodec Codec, int BitDepth)> able = [];
        foreach ((VideoCodec Codec, int BitDepth) candidate in CodecAbilities.Candidates)
        {
            if (input.ReadBoolean())
            {
                able.Add(candidate);
            }
        }

        return able.Count > 0 ? CodecAbilities.Of(able) : CodecAbilities.None(why ?? "it was not said why");
    }
}
