using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>ftyp — File Type. In: file. ISO/IEC 14496-12 §4.3.</summary>
internal readonly record struct Ftyp(BoxType MajorBrand, uint MinorVersion, BoxType[] CompatibleBrands)
{
    public bool Has(BoxType brand) => MajorBrand == brand || CompatibleBrands.Contains(brand);

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Ftyp ftyp)
    {
        FieldReader fields = new(payload);
        BoxType major = new(fields.UInt32());
        uint minor = fields.UInt32();
        if (fields.Remaining % 4 != 0)
        {
            ftyp = default;
            return OperationStatus.NeedMoreData;
        }

        BoxType[] brands = new BoxType[fields.Remaining / 4];
        for (int index = 0; index < brands.Length; index++)
        {
            brands[index] = new BoxType(fields.UInt32());
        }

        ftyp = new Ftyp(major, minor, brands);
        return fields.Status;
    }

    public void Write(BoxWriter boxes)
    {
        using (boxes.Open(BoxType.Ftyp))
        {
            boxes.UInt32(MajorBrand.Code);
            boxes.UInt32(MinorVersion);
            foreach (BoxType brand in CompatibleBrands)
            {
                boxes.UInt32(brand.Code);
            }
        }
    }
}
