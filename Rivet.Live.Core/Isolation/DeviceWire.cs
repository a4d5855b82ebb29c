using Rivet.Live.Core.Devices;
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
        Write(output, order.Hardware);
    }

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static DeviceOrder Read(ref MessagePackReader input)
    {
        input.ReadItems(2);
        return new DeviceOrder(ReadPlan(ref input), ReadHardware(ref input));
    }

    public static void Write(in MessagePackWriter output, FindingsOrder findings)
    {
        output.WriteArrayHeader(3);
        Write(output, findings.Devices);
        output.Write(findings.Tried);
        output.Write(findings.Trouble);
    }

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static FindingsOrder ReadFindings(ref MessagePackReader input)
    {
        input.ReadItems(3);
        return new FindingsOrder(ReadHardware(ref input), input.ReadText(), input.ReadString());
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
            Write(output, device.Faults.Told);
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

    private static void Write(in MessagePackWriter output, IReadOnlyList<HardwareOrder> devices)
    {
        output.WriteArrayHeader(devices.Count);
        foreach (HardwareOrder device in devices)
        {
            Write(output, device);
        }
    }

    private static void Write(in MessagePackWriter output, HardwareOrder hardware)
    {
        output.WriteArrayHeader(10);
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
        output.Write(hardware.Speed?.PixelsPerSecond);
        output.Write(hardware.Speed?.Encoders);
        output.Write(hardware.Speed?.Why);
    }

    private static HardwareOrder[] ReadHardware(ref MessagePackReader input)
    {
        HardwareOrder[] hardware = new HardwareOrder[input.ReadCount()];
        for (int index = 0; index < hardware.Length; index++)
        {
            input.ReadItems(10);
            HardwareNode node = new(input.ReadEnum<EncoderApi>(), input.ReadText(), input.ReadString(), input.ReadText()) { DirectCodecs = ReadCodecs(ref input) };
            hardware[index] = new HardwareOrder(node, ReadAbilities(ref input), ReadAbilities(ref input), ReadSpeed(ref input));
        }

        return hardware;
    }

    private static EncodingSpeed? ReadSpeed(ref MessagePackReader input) => (input.ReadOptionalDouble(), input.ReadOptionalInt32(), input.ReadString()) switch
    {
        ({ } pixels, { } encoders, null) => new EncodingSpeed(pixels, encoders),
        (_, _, { } why) => EncodingSpeed.Unmeasured(why),
        _ => null,
    };

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
            devices[index] = new SimulatedDevice(input.ReadText(), input.ReadOptionalInt32(), new SimulatedFaults(ReadTold(ref input)))
            {
                Abilities = ReadAbilities(ref input),
                Decodes = ReadAbilities(ref input),
            };
        }

        return devices;
    }

    private static void Write(in MessagePackWriter output, ToldFaults told)
    {
        output.WriteArrayHeader(12);
        output.Write(told.Speed);
        output.Write(told.Engines?.Count);
        output.Write(told.Engines?.PixelsPerSecond);
        output.Write(told.SessionsMax);
        output.Write(told.DecodersMax);
        output.Write(told.OpensToFailure);
        output.Write(told.PicturesToFailure);
        output.Write(told.SamplesToFailure);
        output.Write(told.IsBusy);
        output.Write(told.IsHanging);
        output.Write(told.IsLost);
        output.Write(told.Profile);
    }

    private static ToldFaults ReadTold(ref MessagePackReader input)
    {
        input.ReadItems(12);
        return new ToldFaults
        {
            Speed = input.ReadOptionalDouble(),
            Engines = (input.ReadOptionalInt32(), input.ReadOptionalDouble()) is ({ } count, { } pixels) ? (count, pixels) : null,
            SessionsMax = input.ReadOptionalInt32(),
            DecodersMax = input.ReadOptionalInt32(),
            OpensToFailure = input.ReadOptionalInt32(),
            PicturesToFailure = input.ReadOptionalInt32(),
            SamplesToFailure = input.ReadOptionalInt32(),
            IsBusy = input.ReadBoolean(),
            IsHanging = input.ReadBoolean(),
            IsLost = input.ReadBoolean(),
            Profile = input.ReadString(),
        };
    }

    private static void Write(in MessagePackWriter output, CodecAbilities abilities)
    {
        output.WriteArrayHeader(2 + CodecAbilities.Candidates.Count);
        output.Write(abilities.Why);
        foreach ((VideoCodec codec, int bitDepth) in CodecAbilities.Candidates)
        {
            output.Write(abilities.Has(codec, bitDepth));
        }

        output.Write(abilities.Wrong);
    }

    private static CodecAbilities ReadAbilities(ref MessagePackReader input)
    {
        input.ReadItems(2 + CodecAbilities.Candidates.Count);
        string? why = input.ReadString();
        List<(VideoCodec Codec, int BitDepth)> able = [];
        foreach ((VideoCodec Codec, int BitDepth) candidate in CodecAbilities.Candidates)
        {
            if (input.ReadBoolean())
            {
                able.Add(candidate);
            }
        }

        string[] wrong = input.ReadTexts();
        return (able.Count > 0 ? CodecAbilities.Of(able) : CodecAbilities.None(why ?? "it was not said why")) with { Wrong = wrong };
    }
}
