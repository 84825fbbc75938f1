using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;

/// <summary>Writes a copy of an assembly in which every type, method and field is public; a compile-time reference only.</summary>
public class PublicizeAssembly : Task
{
    [Required]
    public string Source { get; set; }

    [Required]
    public string Target { get; set; }

    [Required]
    public string[] References { get; set; }

    public override bool Execute()
    {
        if (File.Exists(Target) && File.GetLastWriteTimeUtc(Target) >= File.GetLastWriteTimeUtc(Source))
        {
            return true;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Target));
        using (var resolver = new DefaultAssemblyResolver())
        using (var module = ModuleDefinition.ReadModule(Source, new ReaderParameters { AssemblyResolver = resolver }))
        {
            foreach (var folder in References.Select(Path.GetDirectoryName).Distinct())
            {
                resolver.AddSearchDirectory(folder);
            }

            foreach (var type in module.GetTypes())
            {
                type.Attributes = (type.Attributes & ~TypeAttributes.VisibilityMask)
                    | (type.IsNested ? TypeAttributes.NestedPublic : TypeAttributes.Public);
                foreach (var method in type.Methods)
                {
                    method.Attributes = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public;
                }

                foreach (var field in type.Fields)
                {
                    // The hidden field behind an event has the event's own name: made public, neither could be used.
                    if (!type.Events.Any(e => e.Name == field.Name))
                    {
                        field.Attributes = (field.Attributes & ~FieldAttributes.FieldAccessMask) | FieldAttributes.Public;
                    }
                }
            }

            module.Write(Target + ".partial");
        }

        File.Delete(Target);
        File.Move(Target + ".partial", Target);
        return true;
    }
}
